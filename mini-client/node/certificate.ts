/** The certificate of a server, and whether this computer believes it, name included. */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Certificate } from '../self-test/index.ts';

const CONNECT_MS_MAX = 10_000;
const PORT = 443;

/** Rejects when nobody answers there, or not in TLS. */
export function certificateOf(url: string): Promise<Certificate> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    // Not believed and looked at all the same: nothing is sent over this connection.
    const socket = connect({
      ...{ host, port: Number(port) || PORT, rejectUnauthorized: false },
      // A name is asked for and checked; an address has none.
      ...(isIP(host) === 0 && { servername: host }),
      timeout: CONNECT_MS_MAX,
    });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error('timeout')));
    socket.once('secureConnect', () => {
      const { valid_to: validTo } = socket.getPeerCertificate();
      const trouble = socket.authorized ? undefined : String(socket.authorizationError);
      socket.end();
      resolve({ validToMs: Date.parse(validTo), trouble });
    });
  });
}
