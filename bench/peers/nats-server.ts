/**
 * NATS JetStream for a run, strictest durability: one stream on file with `sync_interval: always`.
 * That setting came with nats-server 2.10; a server that does not know it (Debian 12 has 2.9.10)
 * would answer before the disk has the message, so it is not measured. Where there is none, the
 * program of the next Debian release is unpacked into `.cache/` and run from there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { unpackFromLater } from '#bench/peers/later-debian.ts';
import {
  ended,
  NotDone,
  type StoredRow,
  type StoreServer,
  terminate,
  versionOf,
  type Wishes,
} from '#bench/peers/store-server.ts';
import { ROOT } from '#bench/system.ts';

/** The stream's name, and the subject it keeps. */
export const SUBJECT = 'submissions';

const PROGRAM = 'nats-server';
const LATER = 'trixie';
const CACHED = join(ROOT, '.cache', `nats-server-${LATER}`);
const CACHED_PROGRAM = join(CACHED, 'usr', 'sbin', PROGRAM);

const READY_ATTEMPTS_MAX = 100;
const READY_PAUSE_MS = 50;

function writeConfiguration(directory: string): string {
  const path = join(directory, 'nats.conf');
  const store = `store_dir: ${JSON.stringify(directory)}, sync_interval: always`;
  const ports = `ports_file_dir: ${JSON.stringify(directory)}`;
  writeFileSync(path, `host: 127.0.0.1\nport: -1\n${ports}\njetstream { ${store} }\n`);
  return path;
}

/** Whether `program` takes the configuration; one that is too old does not know its words. */
function understands(program: string, configuration: string): boolean {
  return spawnSync(program, ['-t', '-c', configuration], { stdio: 'ignore' }).status === 0;
}

/** A program that can sync each message. Throws `NotDone` where it cannot be had. */
function programFor(configuration: string, { mayInstall }: Wishes): string {
  const there = [PROGRAM, CACHED_PROGRAM].find((one) => understands(one, configuration));
  if (there !== undefined) return there;
  if (!mayInstall) throw new NotDone('nats-server 2.10 or later is not installed');
  unpackFromLater(PROGRAM, { folder: CACHED, later: LATER });
  if (existsSync(CACHED_PROGRAM) && understands(CACHED_PROGRAM, configuration)) {
    return CACHED_PROGRAM;
  }
  throw new NotDone(`nats-server of ${LATER} does not run here`);
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

/** Starts a server in `directory`. Rejects with `NotDone` when none can sync each message. */
export async function startNats(directory: string, wishes: Wishes): Promise<StoreServer> {
  const configuration = writeConfiguration(directory);
  const program = programFor(configuration, wishes);
  const version = `NATS ${/v?(\d[\d.]*)/.exec(versionOf(program) ?? '')?.[1] ?? ''}`;
  const child = spawn(program, ['-c', configuration], { stdio: 'ignore' });
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
    return { address, version, stop, entries: () => readAll(connection) };
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
