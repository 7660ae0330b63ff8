/**
 * The list of NTP servers as an operator writes it: `host[:port]`, separated by commas. Names are
 * resolved to IPv4 only, because the library behind the exchange speaks IPv4 only.
 */
import { lookup } from 'node:dns/promises';
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
  return await new Promise((resolve) => {
    const cancel = timers.after(timeoutMs, () => resolve(undefined));
    const settle = (address: string | undefined): void => {
      cancel();
      resolve(address);
    };
    lookup(host, { family: 4 }).then(
      ({ address }) => settle(address),
      () => settle(undefined),
    );
  });
}
