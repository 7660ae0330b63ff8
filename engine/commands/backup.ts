/** `clickday backup` and `clickday restore`: words and exit statuses around the room `backup`. */
import { statSync } from 'node:fs';
import {
  BackupRefused,
  type Restored,
  RestoreRefused,
  restoreBackup,
  takeBackup,
} from '#engine/backup/index.ts';
import { systemClock, systemTimers } from '#engine/clock/index.ts';
import { dataDirectory } from '#engine/store/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { readConfig, text } from '../config.ts';
import { directoryToRead, emit, Refused, say } from './context.ts';
import { verifyDirectory } from './verify.ts';

const TELL_EVERY_MS = 2000;
const MEGABYTE = 1_000_000;

const verify = (root: string) => verifyDirectory(dataDirectory(root));
const now = () => isoFromUs(systemClock().nowUs());

/** A copy beside a running system. */
export async function backup(flags: { data?: string; to: string; json?: boolean }) {
  const source = directoryToRead(readConfig({ data: flags.data }));
  const progress = progressTeller(flags.json ?? false);
  try {
    const manifest = await takeBackup({
      ...{ source, folder: flags.to, madeAt: now(), verify, progress },
    });
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const { madeAt, ledgers, files } = manifest;
    if (flags.json) emit({ backup: flags.to, madeAt, ledgers, files: files.length, bytes });
    for (const { gate, entries } of ledgers) say(`ledger ${gate}: up to number ${entries}`);
    say(`backup made in ${flags.to}: ${files.length} files, ${megabytes(bytes)}, verified`);
    say('It holds the signing key and all personal data: keep it as you keep the original.');
  } catch (error) {
    throw refusalOf(error, flags.json ?? false);
  } finally {
    progress.stop();
  }
}

/** A backup into an empty data directory. */
export async function restore(flags: { data?: string; from: string; json?: boolean }) {
  const root = text(readConfig({ data: flags.data }), 'data');
  const json = flags.json ?? false;
  try {
    const restored = await restoreBackup({
      ...{ folder: flags.from, root, restoredAt: now(), verify },
      onStep: (step) => (json ? emit({ step }) : say(`${STEPS[step] ?? step} …`)),
    });
    tellRestored(restored, { root, json });
  } catch (error) {
    throw refusalOf(error, json);
  }
}

function tellRestored({ manifest, ledgers, ahead }: Restored, to: { root: string; json: boolean }) {
  const { madeAt, kind } = manifest;
  if (to.json) emit({ restored: to.root, kind, madeAt, ledgers, ahead });
  for (const { gate, entries } of ledgers) {
    say(`ledger ${gate}: last number ${entries}; it goes on with ${entries + 1}`);
  }
  for (const { gate, entries } of ahead) {
    say(`WARNING: the original in ${manifest.source} has come to ${entries} on ${gate}.`);
  }
  say(`restored to ${to.root} and verified; begun ${madeAt}`);
  say('Never let the original go on beside it: both would give the same numbers.');
}

const STEPS: Readonly<Record<string, string>> = {
  copy: 'copying',
  compare: 'comparing with the manifest',
  verify: 'verifying the stores',
  hash: 'reading back',
};

/** Says each step, and while a part is copied how far it is. */
function progressTeller(json: boolean) {
  let part: { name: string; bytes: number; target: string } | undefined;
  const tell = () => {
    if (part === undefined) return;
    const { name, bytes, target } = part;
    const done = statSync(target, { throwIfNoEntry: false })?.size ?? 0;
    if (json) emit({ part: name, done, bytes });
    else say(`  ${name}: ${megabytes(done)} of ${megabytes(bytes)}`);
  };
  const stop = systemTimers().every(TELL_EVERY_MS, tell);
  return {
    stop,
    onStep: (step: string) => {
      part = undefined;
      if (json) emit({ step });
      else say(`${STEPS[step] ?? step} …`);
    },
    onPart: (next: NonNullable<typeof part>) => {
      part = next;
      tell();
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

function refusalOf(error: unknown, json: boolean): unknown {
  if (!(error instanceof BackupRefused || error instanceof RestoreRefused)) return error;
  for (const violation of error.violations) {
    if (json) emit({ violation });
    else say(`VIOLATION ${JSON.stringify(violation)}`);
  }
  return new Refused(error.code, error.message);
}
