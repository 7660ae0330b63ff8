/**
 * `backup --follow`: a second directory that is at most a second behind while the system runs.
 *
 *     database ─ copied when it changed ───────────────┐ in place once the register knows
 *     ledgers ── commits appended, checked ──► register, receipts        all it speaks of
 *
 * Whatever moment the machine stops at, the folder holds a data directory that verifies: the
 * register never has what the ledgers lack, the database never what the register lacks. Ledgers,
 * register and receipts grow by what is new; the database is copied whole, so its lag is at least
 * as long as that takes. Everything is taken up where it was when either side is started again.
 */
import { copyFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '#engine/clock/index.ts';
import { type LedgerCopy, ledgerExists, openLedgerCopy } from '#engine/ledger/index.ts';
import { openRegisterCopy, type RegisterCopy, registerExists } from '#engine/register/index.ts';
import { type DatabaseFollower, followDatabase } from '#engine/store/database/index.ts';
import {
  type DataDirectory,
  dataDirectory,
  type Lock,
  makeFolder,
  takeLock,
} from '#engine/store/index.ts';
import { checkTarget } from './backup.ts';
import { copyPapers } from './copy.ts';
import { dataOf, MANIFEST_FORMAT, readManifest, writeManifest } from './manifest.ts';

/** How far behind a part is: what it holds is all that was there so many milliseconds ago. */
export interface PartLag {
  readonly part: string;
  readonly behindMs: number;
  /** Entries of a ledger, places of the register; null where nothing is counted. */
  readonly upTo: number | null;
}

export interface Follower {
  /** Copies what is new. False when there is more at once. Rejects when it cannot go on. */
  step(): Promise<boolean>;
  lag(): readonly PartLag[];
  close(): Promise<void>;
}

/** A database is copied again after so many times the time that its copy took. */
const DATABASE_REST = 2;
const CURSOR_KEY = 'registrar.cursor';

export function openFollower(options: {
  source: DataDirectory;
  folder: string;
  clock: Clock;
  madeAt: string;
}): Follower {
  const { source, clock } = options;
  const folder = resolve(options.folder);
  const { target, lock } = openFolder(folder, options);
  const wholeAtUs = new Map<string, number>();
  const ledgers = new Map<string, LedgerCopy>();
  let register: RegisterCopy | undefined;
  const database = createDatabasePart();
  const papers = createPapers(source, target);

  const stepLedgers = async () => {
    for (const gate of source.gates()) {
      const from = source.ledger(gate);
      if (ledgers.has(gate) || !ledgerExists(from)) continue;
      ledgers.set(gate, openLedgerCopy({ from, to: target.ledger(gate), gate }));
    }
    let isWhole = true;
    for (const [gate, copy] of ledgers) {
      const startedUs = clock.nowUs();
      if (await copy.step()) wholeAtUs.set(`ledger ${gate}`, startedUs);
      else isWhole = false;
    }
    return isWhole;
  };

  const stepRegister = async () => {
    if (register === undefined && registerExists(source.register)) {
      register = openRegisterCopy({ from: source.register, to: target.register });
    }
    if (register === undefined) return true;
    const startedUs = clock.nowUs();
    const limits = new Map(Array.from(ledgers, ([gate, copy]) => [gate, copy.lastSeq()]));
    const isWhole = await register.step(limits);
    if (isWhole) wholeAtUs.set('register', startedUs);
    return isWhole;
  };

  /** Copies on the side; takes its place when the register has come as far as it. */
  function createDatabasePart() {
    let follower: DatabaseFollower | undefined;
    let copying: Promise<void> | undefined;
    let trouble: unknown;
    let waiting: { startedUs: number; told: readonly number[] } | undefined;
    let restUntilUs = 0;
    const copy = async (following: DatabaseFollower) => {
      const startedUs = clock.nowUs();
      const told = register?.told() ?? [];
      await following.copy();
      restUntilUs = clock.nowUs() + DATABASE_REST * (clock.nowUs() - startedUs);
      waiting = { startedUs, told };
    };
    const install = async (following: DatabaseFollower) => {
      if (waiting === undefined) return;
      if (Number(following.setting(CURSOR_KEY) ?? 0) > (register?.lastPlace() ?? 0)) return;
      const { startedUs, told } = waiting;
      waiting = undefined;
      following.install();
      wholeAtUs.set('database', startedUs);
      await register?.forget(told);
    };
    return {
      step: async () => {
        if (trouble !== undefined) throw trouble;
        if (follower === undefined) {
          if (!existsSync(source.database)) return;
          follower = followDatabase({ from: source.database, to: target.database });
        }
        if (copying !== undefined) return;
        await install(follower);
        const nowUs = clock.nowUs();
        if (waiting !== undefined || nowUs < restUntilUs) return;
        if (!follower.hasChanged()) {
          wholeAtUs.set('database', nowUs);
          return;
        }
        copying = copy(follower).then(
          () => {
            copying = undefined;
          },
          (error: unknown) => {
            trouble = error;
            copying = undefined;
          },
        );
      },
      close: async () => {
        await copying;
        follower?.close();
      },
    };
  }

  return {
    step: async () => {
      papers();
      await database.step();
      const isWhole = await stepLedgers();
      return (await stepRegister()) && isWhole;
    },
    lag: () => {
      const nowUs = clock.nowUs();
      const upTo = (part: string) =>
        part === 'register'
          ? (register?.lastPlace() ?? null)
          : (ledgers.get(part.replace(/^ledger /, ''))?.lastSeq() ?? null);
      return Array.from(wholeAtUs, ([part, atUs]) => ({
        ...{ part, behindMs: Math.max(0, Math.round((nowUs - atUs) / 1000)), upTo: upTo(part) },
      }));
    },
    close: async () => {
      await database.close();
      for (const copy of ledgers.values()) await copy.close();
      await register?.close();
      lock.release();
    },
  };
}

/** The folder, made if need be, held against a second follower and against a restore. */
function openFolder(
  folder: string,
  options: { source: DataDirectory; madeAt: string },
): { target: DataDirectory; lock: Lock } {
  checkTarget(folder, 'follow');
  makeFolder(folder);
  const lock = takeLock(join(folder, 'lock'));
  const target = dataDirectory(dataOf(folder));
  if (readManifest(folder) === undefined) {
    writeManifest(folder, {
      ...{ kind: 'follow', format: MANIFEST_FORMAT, madeAt: options.madeAt },
      ...{ source: options.source.root, ledgers: [], files: [] },
    });
  }
  return { target, lock };
}

/** Copies keys, notices and mails again when one of them is new or another. */
function createPapers(source: DataDirectory, target: DataDirectory): () => void {
  let known = '';
  const mails = new Set(existsSync(target.outbox) ? readdirSync(target.outbox) : []);
  return () => {
    const files = [source.portalKey, source.calendarNotice, source.keyNotice, source.epochs];
    const now = files.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs).join();
    if (now !== known) copyPapers(source, target);
    known = now;
    for (const name of existsSync(source.outbox) ? readdirSync(source.outbox) : []) {
      if (mails.has(name) || name.endsWith('.part')) continue;
      copyFileSync(join(source.outbox, name), join(target.outbox, name));
      mails.add(name);
    }
  };
}
