/**
 * WebSockets of Node for the core, over `ws`: subprotocol `clickday.v1`, no compression, frames of
 * a gate at most 256 KiB. An error and a close both end as one `closed`; an error before the
 * opening (refused, no such host, bad certificate) is `closed(1006, what went wrong)`.
 */
import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '#protocol/frames.ts';
import type { ClientSocket, OpenSocket, SocketHandlers } from '../core/index.ts';

const HANDSHAKE_MS_MAX = 15_000;
const FRAME_BYTES_MAX = 256 * 1024;
const ABNORMAL = 1006;

export const openSocket: OpenSocket = (url: string, handlers: SocketHandlers): ClientSocket => {
  const socket = new WebSocket(url, SUBPROTOCOL, {
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_MS_MAX,
    maxPayload: FRAME_BYTES_MAX,
  });
  let trouble = '';
  socket.on('open', () => handlers.opened());
  socket.on('message', (data) => handlers.received(String(data)));
  socket.on('error', (error) => {
    // `close` follows every error; here is the only place where its cause is known.
    trouble = error.message || String(error);
  });
  socket.on('close', (code, reason) => {
    handlers.closed(code || ABNORMAL, reason.toString('utf8') || trouble);
  });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
};
