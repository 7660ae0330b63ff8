/**
 * Whose program is at the other end of a loopback connection. On Linux the kernel's table of
 * connections says it, so that no other user of the computer is answered, not even one who has
 * read the address from a list of processes. Other systems have no such table to read: there the
 * address goes to the browser in a file that only its owner can read, or is hidden from others.
 */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

const TABLE = '/proc/net/tcp';
const ESTABLISHED = '01';
const LOCAL = 1;
const REMOTE = 2;
const STATE = 3;
const USER = 7;

export interface Ends {
  /** Of the one who asks. */
  readonly theirPort: number;
  readonly ourPort: number;
}

/** Whether the connection is of the user `uid`. One that is gone already is nobody's. */
export function isOfUser(table: string, { theirPort, ourPort }: Ends, uid: number): boolean {
  const [theirs, ours] = [endOf(theirPort), endOf(ourPort)];
  return table.split('\n').some((row) => {
    const cells = row.trim().split(/\s+/);
    const isIt = cells[LOCAL] === theirs && cells[REMOTE] === ours;
    return isIt && cells[STATE] === ESTABLISHED && Number(cells[USER]) === uid;
  });
}

/** Whether to answer a connection; true where this computer's system cannot tell. */
export function isOwn({ remotePort, localPort }: Socket): boolean {
  const uid = process.getuid?.();
  const table = process.platform === 'linux' ? readTable() : undefined;
  if (uid === undefined || table === undefined) return true;
  return isOfUser(table, { theirPort: remotePort ?? 0, ourPort: localPort ?? 0 }, uid);
}

/** Undefined in a root directory without /proc. */
function readTable(): string | undefined {
  try {
    return readFileSync(TABLE, 'latin1');
  } catch {
    return undefined;
  }
}

/** 127.0.0.1 and a port as the table writes them. */
function endOf(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}
