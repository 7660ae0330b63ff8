/**
 * The peers: by which door each is spoken to, its program, and how its store is started. A store
 * that this machine does not have is a `NotDone` with the reason, which becomes a row.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PeerOrder } from '#bench/peers/intake.ts';
import { startNats } from '#bench/peers/nats-server.ts';
import { startPostgres } from '#bench/peers/postgres-server.ts';
import { startRedis } from '#bench/peers/redis-server.ts';
import {
  ended,
  type StoredRow,
  type StoreServer,
  terminate,
  type Wishes,
} from '#bench/peers/store-server.ts';

export type Door = 'WebSocket' | 'HTTP';

export interface Peer {
  readonly name: string;
  readonly door: Door;
  /** The file of its program, beside this one. */
  readonly program: string;
  readonly variant?: string;
  /** At least the gate's rate over this peer's, where the project has set itself a target. */
  readonly target?: number;
  startStore(directory: string, wishes: Wishes): Promise<StoreServer>;
}

/** A peer's running program and its store. */
export interface RunningPeer {
  readonly port: number;
  readonly pid: number;
  /** Of the store, empty when it is the program's own. */
  readonly version: string;
  /** Ends the program, reads the store back, and ends that too. */
  finish(): Promise<readonly StoredRow[]>;
}

/** The store is the program's own file: no server, read back from the disk. */
function startFile(directory: string): Promise<StoreServer> {
  const entries = async () => {
    const lines = readFileSync(join(directory, 'entries.ndjson'), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as StoredRow);
  };
  const stop = () => Promise.resolve();
  return Promise.resolve({ address: directory, version: '', entries, stop });
}

export const PEERS: readonly Peer[] = [
  { name: 'ws + one file', door: 'WebSocket', program: 'ws-file.ts', startStore: startFile },
  {
    name: 'Fastify + Redis Streams',
    door: 'HTTP',
    program: 'fastify-redis.ts',
    target: 5,
    startStore: startRedis,
  },
  {
    name: 'Fastify + PostgreSQL, one insert each',
    door: 'HTTP',
    program: 'fastify-postgres.ts',
    target: 10,
    startStore: startPostgres,
  },
  {
    name: 'Fastify + PostgreSQL, micro-batched',
    door: 'HTTP',
    program: 'fastify-postgres.ts',
    target: 10,
    variant: 'micro-batched',
    startStore: startPostgres,
  },
  {
    name: 'Fastify + NATS JetStream',
    door: 'HTTP',
    program: 'fastify-jetstream.ts',
    target: 5,
    startStore: startNats,
  },
];

async function portOf(child: ReturnType<typeof spawn>): Promise<number> {
  for await (const line of createInterface({ input: child.stdout! })) return Number(line);
  throw new Error('the program of a peer ended before it served');
}

/** Starts a peer in an empty directory. Rejects with `NotDone` when its store cannot be had. */
export async function startPeer(
  peer: Peer,
  options: { directory: string; order: Omit<PeerOrder, 'store'>; wishes: Wishes },
): Promise<RunningPeer> {
  const { directory, order, wishes } = options;
  const store = await peer.startStore(directory, wishes);
  const { variant } = peer;
  const full = { ...order, store: store.address, ...(variant !== undefined && { variant }) };
  const program = fileURLToPath(new URL(peer.program, import.meta.url));
  const words = ['--disable-warning=ExperimentalWarning', program, JSON.stringify(full)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = ended(child);
  try {
    const port = await portOf(child);
    const finish = async () => {
      await terminate(child, end);
      return store.entries().finally(() => store.stop());
    };
    return { port, pid: child.pid ?? 0, version: store.version, finish };
  } catch (cause) {
    await store.stop();
    throw cause;
  }
}
