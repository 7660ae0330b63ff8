/**
 * Debian's Redis for a run, strictest durability: `appendonly yes`, `appendfsync always`. Without
 * rewrites of the append-only file during the run and without snapshots, which would only slow it.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { StoredEntry } from '#bench/peers/intake.ts';
import {
  ended,
  requireProgram,
  type StoreServer,
  terminate,
  type Wishes,
} from '#bench/peers/store-server.ts';

/** The stream's key. */
export const STREAM = 'submissions';

/** Starts Redis in `directory`. Rejects with `NotDone` where Redis cannot be had. */
export async function startRedis(directory: string, wishes: Wishes): Promise<StoreServer> {
  const told = requireProgram('redis-server', 'redis-server', wishes);
  const version = `Redis ${/v=(\S+)/.exec(told)?.[1] ?? told}`;
  const socket = join(directory, 'redis.sock');
  const child = spawn(
    'redis-server',
    [
      ...['--port', '0', '--unixsocket', socket, '--dir', directory, '--save', ''],
      ...['--appendonly', 'yes', '--appendfsync', 'always', '--auto-aof-rewrite-percentage', '0'],
    ],
    { stdio: 'ignore' },
  );
  const end = ended(child);
  const client = new Redis({
    path: socket,
    retryStrategy: (attempt) => Math.min(attempt * 20, 200),
  });
  client.on('error', () => undefined);
  const stop = async () => {
    client.disconnect();
    await terminate(child, end);
  };
  const failed = end.then(() => Promise.reject(new Error('redis-server did not start')));
  failed.catch(() => undefined);
  await Promise.race([client.ping(), failed]);
  return { address: socket, version, stop, entries: () => readAll(client) };
}

async function readAll(client: Redis): Promise<StoredEntry[]> {
  const rows = await client.xrange(STREAM, '-', '+');
  return rows.map(([, fields]) => JSON.parse(fields[1] ?? '{}') as StoredEntry);
}
