/** Taking a port as a server that may be killed at any moment and started again at once. */
import { type AddressInfo, connect, createServer } from 'node:net';

/**
 * uSockets shares a listening port, and its exclusive mode cannot take a port back while a killed
 * process' connections linger (TIME_WAIT). So whoever is there already is found by calling him.
 */
export function isServed(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Another program already serves there. */
export class PortTaken extends Error {
  override name = 'PortTaken';
  constructor(host: string, port: number) {
    super(`PORT_TAKEN: ${host}:${port} is already served by another program`);
  }
}

/**
 * A port that is free now. uSockets lets a port be taken back only when it was bound by number, so
 * that after a kill a gate that let the system choose could not return to its port for a minute.
 */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port: 0 }, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
