/**
 * Debian's PostgreSQL for a run: a cluster of its own in the run's folder, on a socket there, with
 * `fsync`, `synchronous_commit` and `full_page_writes` on and otherwise its defaults. PostgreSQL
 * refuses to run as root: then it runs as the user `postgres`. Installed by apt where it is
 * missing and this is root.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { Client } from 'pg';
import {
  ended,
  installPackage,
  NotDone,
  type StoredRow,
  type StoreServer,
  versionOf,
  type Wishes,
} from '#bench/peers/store-server.ts';

const INSTALLED = '/usr/lib/postgresql';
const USER = 'clickday';
const READY_ATTEMPTS_MAX = 100;
const READY_PAUSE_MS = 100;
const SETTINGS = {
  listen_addresses: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '100',
};
const TABLE = `CREATE TABLE entries (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  application text PRIMARY KEY,
  click_day text NOT NULL, model text NOT NULL, office text NOT NULL, digest text NOT NULL,
  stamp text NOT NULL)`;

const isRoot = () => process.getuid?.() === 0;

/** The newest version's folder that has the server; a client alone brings a folder as well. */
function installed(): string | undefined {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED) : [];
  const folders = versions.map((version) => join(INSTALLED, version, 'bin'));
  return folders
    .filter((folder) => existsSync(join(folder, 'initdb')))
    .sort()
    .at(-1);
}

function programs(wishes: Wishes): string {
  if (installed() === undefined) installPackage('postgresql', wishes);
  const folder = installed();
  if (folder === undefined) throw new NotDone('postgresql is not installed');
  return folder;
}

/** Whom the cluster belongs to: nothing to change unless this is root. */
function owner(): { uid: number; gid: number } | undefined {
  if (!isRoot()) return undefined;
  const id = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}

async function connected(socket: string): Promise<Client> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new Client({ host: socket, user: USER, database: 'postgres' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (cause) {
      await client.end().catch(() => undefined);
      if (attempt === READY_ATTEMPTS_MAX) throw new Error('postgres did not start', { cause });
      await after(READY_PAUSE_MS);
    }
  }
}

/** Starts a cluster in `directory`. Rejects with `NotDone` where PostgreSQL cannot be had. */
export async function startPostgres(directory: string, wishes: Wishes): Promise<StoreServer> {
  const bin = programs(wishes);
  const told = versionOf(join(bin, 'postgres')) ?? '';
  const version = `PostgreSQL ${/\d[\d.]*/.exec(told)?.[0] ?? told}`;
  const home = join(directory, 'postgres');
  const as = owner();
  mkdirSync(home);
  chmodSync(home, 0o700);
  if (as !== undefined) chownSync(home, as.uid, as.gid);
  const data = join(home, 'data');
  const words = ['-D', data, '-A', 'trust', '-U', USER, '-E', 'UTF8', '--no-locale'];
  execFileSync(join(bin, 'initdb'), words, { stdio: 'ignore', cwd: home, ...as });
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: home });
  const flags = settings.flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const options = { stdio: 'ignore', cwd: home, ...as } as const;
  const child = spawn(join(bin, 'postgres'), ['-D', data, ...flags], options);
  const end = ended(child);
  const stop = async () => {
    child.kill('SIGINT');
    await end;
  };
  try {
    const client = await connected(home);
    await client.query(TABLE);
    const stopAll = () => client.end().then(stop);
    return { address: home, version, stop: stopAll, entries: () => readAll(client) };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function readAll(client: Client): Promise<StoredRow[]> {
  const { rows } = await client.query<{ application: string; seq: string; stamp: string }>(
    'SELECT application, seq, stamp FROM entries',
  );
  return rows.map(({ application, seq, stamp }) => ({ application, seq: Number(seq), stamp }));
}
