/**
 * `backup --follow`: a second directory that is at most a second behind while the system runs.
 *
 *     database ─ commits read from its log ─────────────────────► written once the register
 *     ledgers ── commits appended, checked ──► register, receipts    knows all they speak of
 *
 * Whatever moment the machine stops at, the folder holds a data directory that verifies: the
 * register never has what the ledgers lack, the database never what the register lacks. Each part
 * grows by what is new; the database alone is copied whole at the start. Ledgers, register and
 * receipts are taken up where they were when either side is started again.
 */
import { copyFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '#engine/clock/index.ts';
import type { Random } from '#engine/foundation/random.ts';
import { type LedgerCopy, ledgerExists, openLedgerCopy } from '#engine/ledger/index.ts';
import { lastCosigned, readSigned, type SignedRecord } from '#engine/log/index.ts';
import { openRegisterCopy, type RegisterCopy, registerExists } from '#engine/register/index.ts';
import {
  type DatabaseFollower,
  type DatabaseNews,
  followDatabase,
} from '#engine/store/database/index.ts';
import {
  type DataDirectory,
  dataDirectory,
  type Lock,
  makeFolder,
  replaceFile,
  takeLock,
} from '#engine/store/index.ts';
import { followAttachments } from './attachments.ts';
import { checkTarget } from './backup.ts';
import { copyPapers } from './copy.ts';
import { followIncoming } from './incoming.ts';
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

export function openFollower(options: {
  source: DataDirectory;
  folder: string;
  clock: Clock;
  random: Random;
  madeAt: string;
}): Follower {
  const { source, clock } = options;
  const folder = resolve(options.folder);
  const { target, lock } = openFolder(folder, options);
  const wholeAtUs = new Map<string, number>();
  const ledgers = new Map<string, LedgerCopy>();
  let register: RegisterCopy | undefined;
  const database = createDatabasePart(source, target, options.random);
  const papers = createPapers(source, target);
  const attachments = followAttachments(source.attachments, target.attachments);
  const incoming = followIncoming(source.incoming, target.incoming);
  const notes = new Map<string, string>();

  const stepLedgers = async () => {
    for (const gate of source.gates()) {
      const from = source.ledger(gate);
      if (ledgers.has(gate) || !ledgerExists(from)) continue;
      ledgers.set(gate, openLedgerCopy({ from, to: target.ledger(gate), gate }));
    }
    let isWhole = true;
    for (const [gate, copy] of ledgers) {
      const startedUs = clock.nowUs();
      const cosigned = lastCosigned(source.log(gate));
      const signed = readSigned(source.log(gate));
      if (await copy.step()) wholeAtUs.set(`ledger ${gate}`, startedUs);
      else isWhole = false;
      if (followSigned(gate, signed, copy.lastSeq())) followCosigned(gate, cosigned);
    }
    return isWhole;
  };

  /** A copy that holds all that was signed may be signed on from there; the others not yet. */
  const followSigned = (gate: string, signed: SignedRecord | undefined, upTo: number) => {
    if (signed === undefined || signed.checkpoint.size > upTo) return false;
    follow(target.log(gate).checkpoint, signed.note);
    return true;
  };

  /** It was read before what was signed, and is not ahead of it. */
  const followCosigned = (gate: string, note: string | undefined) => {
    if (note !== undefined) follow(target.log(gate).cosigned, note);
  };

  const follow = (path: string, note: string) => {
    if (notes.get(path) === note) return;
    replaceFile(path, note);
    notes.set(path, note);
  };

  /** True when the copy has come to `place`, where the original was at `atUs`. */
  const stepRegister = async ({ place, atUs }: { place: number; atUs: number }) => {
    if (register === undefined) return { hasEntries: true, hasReceipts: true };
    const limits = new Map(Array.from(ledgers, ([gate, copy]) => [gate, copy.lastSeq()]));
    const { hasReceipts } = await register.step(limits);
    const hasEntries = register.lastPlace() >= place;
    if (hasEntries && hasReceipts) wholeAtUs.set('register', atUs);
    return { hasEntries, hasReceipts };
  };

  return {
    step: async () => {
      papers();
      if (register === undefined && registerExists(source.register)) {
        register = openRegisterCopy({ from: source.register, to: target.register });
      }
      const atUs = clock.nowUs();
      const told = register?.told() ?? [];
      incoming.look();
      const news = database.read();
      attachments.copyNew(); // what the news speaks of was there before them
      incoming.copyNew();
      const place = register?.lastPlaceThere() ?? 0; // the database can speak of none beyond
      const hasLedgers = await stepLedgers();
      const { hasEntries, hasReceipts } = await stepRegister({ place, atUs });
      if (hasEntries && news !== undefined) {
        database.write();
        if (news.isAll) {
          wholeAtUs.set('database', atUs);
          attachments.dropGone();
          incoming.dropGone();
          await register?.forget(told);
        }
      }
      return hasLedgers && hasEntries && hasReceipts && database.isSettled(news);
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

/** The database's follower once there is a database; copies the whole beside the other steps. */
function createDatabasePart(source: DataDirectory, target: DataDirectory, random: Random) {
  let follower: DatabaseFollower | undefined;
  let renewing: 'no' | 'under way' | 'done' = 'no';
  let ended: Promise<void> = Promise.resolve();
  let trouble: unknown;

  const renew = (following: DatabaseFollower) => {
    renewing = 'under way';
    ended = following.renew().then(
      () => {
        renewing = 'done';
      },
      (error: unknown) => {
        trouble = error;
      },
    );
  };

  return {
    /** Undefined while there is nothing that `write` could write. */
    read: (): DatabaseNews | undefined => {
      if (trouble !== undefined) throw trouble;
      if (follower === undefined) {
        if (!existsSync(source.database)) return undefined;
        follower = followDatabase({ from: source.database, to: target.database, random });
      }
      if (renewing === 'under way') return undefined;
      if (renewing === 'done') return { isAll: false };
      const news = follower.read();
      if (news === undefined) renew(follower);
      return news;
    },
    write: () => {
      if (renewing === 'done') {
        follower?.install();
        renewing = 'no';
      } else follower?.write();
    },
    /** Whether a next step has nothing to do for the database at once. */
    isSettled: (news: DatabaseNews | undefined) => news?.isAll ?? true,
    close: async () => {
      await ended;
      follower?.close();
    },
  };
}

/** Copies keys, notices and mails again when one of them is new or another. */
function createPapers(source: DataDirectory, target: DataDirectory): () => void {
  let known = '';
  const mails = new Set(existsSync(target.outbox) ? readdirSync(target.outbox) : []);
  return () => {
    const logKeys = source.gates().map((gate) => source.log(gate).keys);
    const files = [
      ...logKeys,
      source.portalKey,
      source.sealKeys,
      source.calendarNotice,
      source.keyNotice,
      source.epochs,
    ];
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
