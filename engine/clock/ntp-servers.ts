/**
 * The list of NTP servers as an operator writes it: `host[:port]`, separated by commas. Names are
 * resolved to IPv4 only, because the library behind the exchange speaks IPv4 only, and by DNS
 * queries instead of the system's `getaddrinfo`: that one holds a thread of libuv's small pool for
 * as long as a dead resolver makes it wait, and the ledger's commits need those threads. The price:
 * of the names in /etc/hosts only `localhost` is known; addresses can be written instead.
 */
import { Resolver } from 'node:dns';
import { isIPv4 } from 'node:net';
import type { Timers } from './clock.ts';

export interface NtpServer {
  readonly host: string;
  /** 1 to 65535; 123 when not written. */
  readonly port: number;
}

const PORT = 123;
const SERVER = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?::(\d{1,5}))?$/;

/**
 * @param text `"ntp1.inrim.it,ntp2.inrim.it:123"`; blanks around an entry are ignored and an
 *   empty text means no server
 * @throws Error with a sentence for the operator when an entry cannot be read
 */
export function parseNtpServers(text: string): readonly NtpServer[] {
  if (text.trim() === '') return [];
  return text.split(',').map((entry) => {
    const match = SERVER.exec(entry.trim());
    const host = match?.[1];
    const port = match?.[2] === undefined ? PORT : Number(match[2]);
    if (host === undefined || port < 1 || port > 65_535) {
      throw new Error(`"${entry.trim()}" is not an NTP server: write host or host:port`);
    }
    return { host, port };
  });
}

/**
 * The server's IPv4 address, or undefined when the name does not resolve within `timeoutMs`.
 * Never rejects.
 */
export async function resolveAddress(
  host: string,
  { timers, timeoutMs }: { readonly timers: Timers; readonly timeoutMs: number },
): Promise<string | undefined> {
  if (isIPv4(host)) return host;
  if (host === 'localhost') return '127.0.0.1';
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  return await new Promise((resolve) => {
    const cancelTimer = timers.after(timeoutMs, () => resolver.cancel());
    resolver.resolve4(host, (error, addresses) => {
      cancelTimer();
      resolve(error === null ? addresses[0] : undefined);
    });
  });
}
