/**
 * The words with which a connection of the swarm begins: the WebSocket upgrade (RFC 6455 §4) and
 * `hello`. The server's proof of the key is not checked: the next frame shows who is there.
 */
import { randomBytes } from 'node:crypto';
import { clientFrame } from '#bench/drivers/frames.ts';
import { SUBPROTOCOL } from '#protocol/frames.ts';

const HANDSHAKE_BYTES_MAX = 8_192;
const END = '\r\n\r\n';
/** A passbook of 500 lines has 75 KB, and a hello at most 256 KiB. */
const PASSBOOKS_A_HELLO = 2;

export function upgradeRequest(target: { host: string; port: number; path: string }): string {
  const key = randomBytes(16).toString('base64');
  return (
    `GET ${target.path} HTTP/1.1\r\nHost: ${target.host}:${target.port}\r\n` +
    `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}${END}`
  );
}

/**
 * What follows the answer to the request, in latin1; undefined while the answer is incomplete.
 * Throws with its first line when it is a refusal.
 */
export function afterUpgrade(text: string): string | undefined {
  const end = text.indexOf(END);
  if (end < 0 && text.length >= HANDSHAKE_BYTES_MAX) throw new Error('no end of the handshake');
  if (end < 0) return undefined;
  if (!text.startsWith('HTTP/1.1 101')) throw new Error(text.slice(0, text.indexOf('\r\n')));
  return text.slice(end + END.length);
}

/** The frames that present `passbooks`; one even without any. Each is answered by a welcome. */
export function helloFrames(passbooks: readonly string[]): Buffer[] {
  const count = Math.max(1, Math.ceil(passbooks.length / PASSBOOKS_A_HELLO));
  return Array.from({ length: count }, (_, at) => {
    const some = passbooks.slice(at * PASSBOOKS_A_HELLO, (at + 1) * PASSBOOKS_A_HELLO);
    const hello = { type: 'hello', passbooks: some, client: 'clickday-bench/2' };
    return clientFrame(JSON.stringify(hello));
  });
}
