/**
 * `clickday witness`: cosigns the checkpoints of public logs and refuses what contradicts what it
 * has cosigned before. It belongs to somebody else than the logs, on another machine: its folder
 * holds nothing of theirs but the last checkpoint of each.
 */
import { readFileSync } from 'node:fs';
import { systemClock, systemTimers } from '#engine/clock/index.ts';
import { createLog } from '#engine/foundation/log.ts';
import { sha256 } from '#engine/foundation/note-signing.ts';
import { takeLock } from '#engine/store/index.ts';
import {
  createWitness,
  createWitnessServer,
  loadOrCreateCosigner,
  RecordForged,
  WitnessNamed,
  witnessPlaces,
  witnessRecords,
} from '#engine/witness/index.ts';
import { ED25519, formatNoteKey, type NoteKey, parseNoteKey } from '#protocol/log/note.ts';
import { endOnSignals } from './child.ts';
import { emit, Refused, say } from './context.ts';

interface Flags {
  readonly listen: string;
  readonly data: string;
  readonly log: readonly string[];
  readonly logs?: string;
  readonly name?: string;
  readonly json?: boolean;
}

const ADDRESS = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/;
const PORT_MAX = 65_535;

/** Serves until a signal. Resolves when it listens. */
export async function witness(flags: Flags): Promise<void> {
  const { host, port } = addressOf(flags.listen);
  const keys = keysOf(flags);
  const places = witnessPlaces(flags.data);
  const lock = takeLock(places.lock);
  const log = createLog({ name: 'witness' });
  const [clock, timers] = [systemClock(), systemTimers()];
  const cosigner = orRefuse(() => loadOrCreateCosigner(places.key, nameOf(flags)));
  const records = witnessRecords(places, cosigner.key);
  const decider = orRefuse(() => createWitness({ cosigner, keys, records }));
  const server = createWitnessServer({ witness: decider, key: cosigner.key, clock, timers, log });
  const bound = await server.listen({ host, port });
  endOnSignals(async () => {
    await server.close();
    lock.release();
  });
  const key = formatNoteKey(cosigner.key, sha256);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  if (flags.json) emit({ ready: true, witness: url, key, pid: process.pid });
  else process.stdout.write(`${key}\n`);
  say(
    `Witness: ${url}, for ${decider
      .logs()
      .map(({ origin }) => origin)
      .join(', ')}`,
  );
  say(`Gates cosigned by it are started with CLICKDAY_WITNESSES=${key}@${url}`);
}

function addressOf(listen: string): { host: string; port: number } {
  const [, host, port] = ADDRESS.exec(listen) ?? [];
  if (host === undefined || Number(port) > PORT_MAX) {
    throw new Refused('USAGE', '--listen must be HOST:PORT, for example 127.0.0.1:8082');
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

function nameOf({ name }: Flags): string | undefined {
  if (name === undefined || /^[^\s+]+$/u.test(name)) return name;
  throw new Refused('USAGE', '--name must be without spaces and plus signs, as example.it/witness');
}

/** The keys of the logs, from `--log` and from the lines of the file `--logs`. */
function keysOf(flags: Flags): NoteKey[] {
  const lines = flags.logs === undefined ? [] : linesOf(flags.logs);
  const keys = [...flags.log, ...lines].map((text) => {
    const key = parseNoteKey(text, sha256);
    if (key?.type === ED25519) return key;
    throw new Refused('USAGE', `"${text}" is no verifier key of a log: see GET /v1/log/keys`);
  });
  if (keys.length > 0) return keys;
  throw new Refused('USAGE', 'a witness knows its logs: name their verifier keys with --log');
}

function linesOf(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  } catch (cause) {
    throw Object.assign(new Refused('USAGE', `--logs: ${path} cannot be read`), { cause });
  }
}

/** What a person has to mend is said in his words. */
function orRefuse<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (error instanceof WitnessNamed) throw new Refused('USAGE', error.message);
    if (error instanceof RecordForged) throw new Refused('STORE_DAMAGED', error.message);
    throw error;
  }
}
