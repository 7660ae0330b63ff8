/**
 * The bare peer: a uWebSockets.js server that answers each frame with a constant of the size of
 * `accepted`, and checks, orders and stores nothing. What the gate does beyond this is the price
 * of its promises. Runs as a process of its own and prints its port on standard output.
 */
import { App, type us_socket, us_socket_local_port } from 'uWebSockets.js';

const ACCEPTED = JSON.stringify({
  type: 'accepted',
  application: '01J00000000000000000000000',
  protocol: '2011-01-31/g1/000000001',
  seq: 1,
  stamp: '2011-01-31T07:00:00.000123Z',
  uncertaintyUs: 50_000,
});
const WELCOME = JSON.stringify({ type: 'welcome', gate: 'echo', applications: 0, clickDays: [] });

interface Guest {
  greeted: boolean;
}

App()
  .ws<Guest>('/*', {
    compression: 0,
    maxPayloadLength: 256 * 1024,
    idleTimeout: 120,
    upgrade: (response, request, context) => {
      response.upgrade(
        { greeted: false },
        request.getHeader('sec-websocket-key'),
        request.getHeader('sec-websocket-protocol'),
        request.getHeader('sec-websocket-extensions'),
        context,
      );
    },
    message: (socket) => {
      const guest = socket.getUserData();
      socket.send(guest.greeted ? ACCEPTED : WELCOME, false);
      guest.greeted = true;
    },
  })
  .listen('127.0.0.1', 0, (listening) => {
    if (!listening) process.exit(1);
    process.stdout.write(`${us_socket_local_port(listening as unknown as us_socket)}\n`);
  });
