/**
 * The mini-client's directory (default `~/.clickday`):
 *
 *   session.json           the portal and its bearer token, 0600
 *   prepared/<day>.json    what will be sent on a click day: passbooks, applications, gates, 0600
 *   journal.ndjson         what happened, append-only
 *   receipts/<id>.pdf      receipts
 *   logs/<gate>.note       the last checkpoint seen of a gate's public log
 *   send.lock, page.lock   process id of the one `send`, of the one `page` that runs
 *   verification-keys.json the portal's published keys, to check receipts without it
 *   logs/verdicts.json     what verify-log found of each application the last time
 *   choices/<day>.json     the order of sending that a person chose, and what they left out
 *   account.json           whose directory this is, also when nobody is logged in (the page)
 *
 * What is read back is checked; a file that is not what it should be counts as absent.
 */
import { closeSync, existsSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { readTrustedKeys, type TrustedKeys } from '#protocol/receipt/keys.ts';
import { compileCheck, type JournalFile, parsedJson } from '../core/index.ts';
import { journalFile, readText, replaceFile } from './files.ts';

const Session = Type.Object({
  portal: Type.String(),
  token: Type.String(),
  expiresAt: Type.String(),
  email: Type.String(),
});
export type StoredSession = Static<typeof Session>;

const Prepared = Type.Object({
  portal: Type.String(),
  email: Type.String(),
  preparedAtUs: Type.Number(),
  clickDay: Type.Object({
    id: Type.String(),
    name: Type.Object({ it: Type.String(), en: Type.String() }),
    opensAt: Type.String(),
    closesAt: Type.String(),
  }),
  gates: Type.Array(Type.String()),
  passbooks: Type.Array(Type.String()),
  applications: Type.Array(
    Type.Object({ id: Type.String(), title: Type.String(), model: Type.String() }),
  ),
});
export type Prepared = Static<typeof Prepared>;

const Choice = Type.Object({
  /** Applications in the order of sending; those that it does not name follow. */
  order: Type.Array(Type.String()),
  /** Due ones that shall not be sent. */
  left: Type.Array(Type.String()),
});
export type Choice = Static<typeof Choice>;

const LogVerdicts = Type.Record(Type.String(), Type.String());
/** By application: `in-log`, `early` or `missing`. */
export type LogVerdicts = Static<typeof LogVerdicts>;

const Owner = Type.Object({ email: Type.String() });

const KEYS = 'verification-keys.json';
const LOG_VERDICTS = join('logs', 'verdicts.json');

export class ClientDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  session(): StoredSession | undefined {
    return this.#read('session.json', Session);
  }

  keepSession(session: StoredSession): void {
    this.#write('session.json', session);
  }

  forgetSession(): void {
    rmSync(join(this.path, 'session.json'), { force: true });
  }

  /** Whose journal and receipts these are; undefined: nobody has said. */
  owner(): string | undefined {
    const email = this.session()?.email ?? this.prepared()[0]?.email;
    return email ?? this.#read('account.json', Owner)?.email;
  }

  keepOwner(email: string): void {
    this.#write('account.json', { email });
  }

  /** Prepared click days, the earliest opening first. */
  prepared(): Prepared[] {
    const folder = join(this.path, 'prepared');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => this.#read(join('prepared', name), Prepared) ?? [])
      .sort((one, other) => (one.clickDay.opensAt < other.clickDay.opensAt ? -1 : 1));
  }

  keepPrepared(prepared: Prepared): void {
    this.#write(join('prepared', `${encodeURIComponent(prepared.clickDay.id)}.json`), prepared);
  }

  forgetPrepared(): void {
    rmSync(join(this.path, 'prepared'), { recursive: true, force: true });
  }

  journal(): JournalFile {
    return journalFile(join(this.path, 'journal.ndjson'));
  }

  receiptPath(application: string): string {
    return join(this.path, 'receipts', `${encodeURIComponent(application)}.pdf`);
  }

  /** The last signed checkpoint seen of a gate's public log; undefined: none yet. */
  keptCheckpoint(gate: string): string | undefined {
    return readText(this.#checkpointPath(gate));
  }

  keepCheckpoint(gate: string, note: string): void {
    replaceFile(this.#checkpointPath(gate), note);
  }

  /** The portal's published keys; undefined: none are kept, or they are not readable. */
  verificationKeys(): TrustedKeys | undefined {
    return readTrustedKeys(parsedJson(readText(join(this.path, KEYS)) ?? ''));
  }

  /** Keeps the keys as the portal published them, unchecked. */
  keepVerificationKeys(keys: unknown): void {
    this.#write(KEYS, keys);
  }

  /** What the public logs said of each application when they were last read. */
  logVerdicts(): LogVerdicts {
    return this.#read(LOG_VERDICTS, LogVerdicts) ?? {};
  }

  keepLogVerdicts(verdicts: LogVerdicts): void {
    this.#write(LOG_VERDICTS, { ...this.logVerdicts(), ...verdicts });
  }

  /** What a person chose for a click day; undefined: nothing. */
  choice(clickDay: string): Choice | undefined {
    return this.#read(choiceFile(clickDay), Choice);
  }

  keepChoice(clickDay: string, choice: Choice): void {
    this.#write(choiceFile(clickDay), choice);
  }

  /**
   * Runs `work` unless another process does the same here; then gives undefined. On a full disk it
   * runs without the lock: what is prepared must leave, and sending twice is harmless.
   */
  async alone<T>(
    work: () => Promise<T>,
    lock: 'send.lock' | 'page.lock' = 'send.lock',
  ): Promise<T | undefined> {
    const path = join(this.path, lock);
    if (isHeld(path)) return undefined;
    try {
      replaceFile(path, String(process.pid));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
    try {
      return await work();
    } finally {
      rmSync(path, { force: true });
    }
  }

  #checkpointPath(gate: string): string {
    return join(this.path, 'logs', `${encodeURIComponent(gate)}.note`);
  }

  #read<T extends TSchema>(name: string, schema: T): Static<T> | undefined {
    return readChecked(join(this.path, name), schema);
  }

  #write(name: string, value: unknown): void {
    replaceFile(join(this.path, name), `${JSON.stringify(value, null, 2)}\n`);
  }
}

/** The JSON of a file; undefined when it is not what it should be. */
export function readChecked<T extends TSchema>(path: string, schema: T): Static<T> | undefined {
  const value = parsedJson(readText(path) ?? '');
  return compileCheck(schema).Check(value) ? value : undefined;
}

function choiceFile(clickDay: string): string {
  return join('choices', `${encodeURIComponent(clickDay)}.json`);
}

/** Whether the process that left the lock still lives. */
function isHeld(path: string): boolean {
  const holder = Number(readText(path));
  if (!Number.isSafeInteger(holder) || holder <= 0 || holder === process.pid) return false;
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Proves that the directory can be written: writes, syncs and removes a file. */
export function proveWritable(directory: string): void {
  const path = join(directory, 'write-check');
  replaceFile(path, 'ok');
  const file = openSync(path, 'a');
  writeSync(file, '.');
  closeSync(file);
  rmSync(path);
}
