/**
 * NATS JetStream for a run, strictest durability: one stream on file with `sync_interval: always`.
 * That setting came with nats-server 2.10; a server that does not know it (Debian 12 has 2.9.10)
 * would answer before the disk has the message, so it is not measured. Installed by apt where it
 * is missing and this is root.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  ended,
  NotDone,
  requireProgram,
  type StoredRow,
  type StoreServer,
  terminate,
} from '#bench/peers/store-server.ts';

/** The stream's name, and the subject it keeps. */
export const SUBJECT = 'submissions';

const READY_ATTEMPTS_MAX = 100;
const READY_PAUSE_MS = 50;

function writeConfiguration(directory: string): string {
  const path = join(directory, 'nats.conf');
  const store = `store_dir: ${JSON.stringify(directory)}, sync_interval: always`;
  const ports = `ports_file_dir: ${JSON.stringify(directory)}`;
  writeFileSync(path, `host: 127.0.0.1\nport: -1\n${ports}\njetstream { ${store} }\n`);
  return path;
}

/** The address, from the file that the server writes when it listens. */
async function addressOf(directory: string, pid: number): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const text = readFileSync(join(directory, `nats-server_${pid}.ports`), 'utf8');
      const [address] = (JSON.parse(text) as { nats: string[] }).nats;
      if (address !== undefined) return address;
    } catch (cause) {
      if (attempt === READY_ATTEMPTS_MAX) throw new Error('nats-server did not start', { cause });
    }
    await after(READY_PAUSE_MS);
  }
}

/** Starts a server in `directory`. Rejects with `NotDone` when it cannot sync each message. */
export async function startNats(directory: string): Promise<StoreServer> {
  const version = requireProgram('nats-server', 'nats-server').replace(':', '');
  const configuration = writeConfiguration(directory);
  const tried = spawnSync('nats-server', ['-t', '-c', configuration], { encoding: 'utf8' });
  if (tried.status !== 0) {
    throw new NotDone(`${version} lacks sync_interval`);
  }
  const child = spawn('nats-server', ['-c', configuration], { stdio: 'ignore' });
  const end = ended(child);
  try {
    const address = await addressOf(directory, child.pid ?? 0);
    const connection = await connect({ servers: address });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: SUBJECT, subjects: [SUBJECT], storage: StorageType.File });
    const stop = async () => {
      await connection.close();
      await terminate(child, end);
    };
    return { address, pid: child.pid ?? 0, stop, entries: () => readAll(connection) };
  } catch (cause) {
    await terminate(child, end);
    throw cause;
  }
}

async function readAll(connection: NatsConnection): Promise<StoredRow[]> {
  const consumer = await jetstream(connection).consumers.get(SUBJECT);
  const { num_pending: amount } = await consumer.info();
  const rows: StoredRow[] = [];
  if (amount === 0) return rows;
  for await (const message of await consumer.consume()) {
    rows.push(message.json<StoredRow>());
    if (rows.length === amount) break;
  }
  return rows;
}
