/**
 * The deliberate bugs that the checkers must see. Each is put in by wrapping what is passed into
 * the engine or by a disk, a loop or a device that is built wrongly: the engine has no switch.
 */
import type { LedgerWriter } from '#engine/ledger/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';
import type { Mutant } from './mutant.ts';

const STALE_US = 5_000_000;

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'acknowledges-before-disk',
    bug: 'An append is answered at once and written afterwards.',
    seenBy: 'ACKNOWLEDGED_BEFORE_DISK',
    ledger: hasty,
  },
  {
    name: 'never-syncs',
    bug: 'A commit counts before it is synced.',
    seenBy: 'ACKNOWLEDGED_LOST',
    gateDisk: { neverSyncs: true },
  },
  {
    name: 'gives-numbers-again',
    bug: 'A restart takes the last commit for unfinished and drops it.',
    seenBy: 'NUMBER_TOLD_TWICE',
    gateDisk: { dropsTail: true },
  },
  {
    name: 'accepts-torn-commit',
    bug: 'After a crash a part of a commit is taken for the whole.',
    seenBy: 'TREE_DIFFERS',
    gateDisk: { tears: true },
  },
  {
    name: 'retries-failed-sync',
    bug: 'After a failed sync the commit is simply made again.',
    seenBy: 'ACKNOWLEDGED_LOST',
    ledger: (ledger) => ({
      ...ledger,
      append: (...batch) => ledger.append(...batch).catch(() => ledger.append(...batch)),
    }),
  },
  {
    name: 'answers-failed-sync',
    bug: 'A commit that failed is answered as if it had gone well.',
    seenBy: 'ACKNOWLEDGED_LOST',
    ledger: (ledger) => ({
      ...ledger,
      append: (...batch) => ledger.append(...batch).catch(() => undefined),
    }),
  },
  {
    name: 'forgets-index',
    bug: 'After a restart nobody knows which applications the ledger has.',
    seenBy: 'APPLICATION_TWICE',
    ledger: forgetful,
  },
  {
    name: 'answers-repeats-early',
    bug: 'A repeat is answered with the entry that is still on its way to the disk.',
    seenBy: 'ACKNOWLEDGED_BEFORE_DISK',
    ledger: talkative,
  },
  {
    name: 'stamps-at-commit',
    bug: 'A stamp is given when the batch is written, not when its turn was judged.',
    seenBy: 'STAMP_LATE',
    ledger: (ledger, clock) => ({
      ...ledger,
      append: (entries, atUs) => {
        let lastUs = Math.max(ledger.lastStampUs(), clock.nowUs());
        for (const entry of entries) {
          lastUs += 1;
          Object.assign(entry, { stampUs: lastUs });
        }
        return ledger.append(entries, atUs);
      },
    }),
  },
  {
    name: 'goes-by-old-calendar',
    bug: 'The gate has a calendar in which the day closes later.',
    seenBy: 'STAMP_LATE',
    calendar: (day) => ({
      ...day,
      closesAt: isoFromUs(usFromIso(day.closesAt) + STALE_US),
    }),
  },
  {
    name: 'opens-by-reading',
    bug: 'The pass that drains the sockets does not read them before it opens the door.',
    seenBy: 'EARLY_ADMITTED',
    isLoopReversed: true,
  },
  {
    name: 'follows-date',
    bug: 'The clock goes where the date is set, also back.',
    seenBy: 'CLOCK_WRONG',
    clock: (clock, host) => {
      const offsetUs = clock.nowUs() - host.systemUs();
      const nowUs = () => host.systemUs() + offsetUs;
      return { nowUs, read: () => ({ ...clock.read(), nowUs: nowUs() }) };
    },
  },
  {
    name: 'forgets-uncertainty',
    bug: 'The clock is taken for exact.',
    seenBy: 'CLOCK_WRONG',
    clock: (clock) => ({
      nowUs: () => clock.nowUs(),
      read: () => ({ ...clock.read(), uncertaintyUs: 0 }),
    }),
  },
  {
    name: 'believes-one-server',
    bug: 'One time server is believed, whatever the others say.',
    seenBy: 'CLOCK_WRONG',
    believesLiar: true,
  },
  {
    name: 'ignores-doubt',
    bug: 'Time servers that all lie alike are believed against the date and the last reference.',
    seenBy: 'EARLY_ADMITTED',
    ignoresDoubt: true,
  },
  {
    name: 'final-too-early',
    bug: 'The registrar does not wait for the watermarks of the other gates.',
    seenBy: 'REGISTER_DIFFERS',
    source: (source) => ({ ...source, watermarkUs: () => Number.POSITIVE_INFINITY }),
  },
  {
    name: 'register-cursor-late',
    bug: 'The cursors of the register are written with the next transaction.',
    seenBy: 'REGISTER_DIFFERS',
    registerDisk: { lateTable: 'cursors' },
  },
  {
    name: 'cursor-before-work',
    bug: 'The portal stores how far it is before it has done the work.',
    seenBy: 'SUBMISSION_MISSED',
    isCursorFirst: true,
  },
  {
    name: 'receipt-twice',
    bug: 'The second entry of an application gets a receipt too.',
    seenBy: 'RECEIPT_FOREIGN',
    receiptRegister: (register) => ({
      ...register,
      entries: (start, limit) =>
        register.entries(start, limit).map((entry) => ({ ...entry, duplicateOf: null })),
    }),
  },
  {
    name: 'proof-of-another',
    bug: 'All receipts that are made together get the proof of the first.',
    seenBy: 'RECEIPT_UNPROVEN',
    proofs: (proofs) => ({
      ...proofs,
      proofsOf: (entries) => {
        const first = proofs.proofsOf(entries.slice(0, 1));
        return entries.flatMap(() => first);
      },
    }),
  },
  {
    name: 'forgets-journal',
    bug: 'A device says that an outcome is kept before it is.',
    seenBy: 'JOURNAL_LOST',
    isJournalLazy: true,
  },
  {
    name: 'gives-up',
    bug: 'A device ends at its first lost connection.',
    seenBy: 'NO_OUTCOME',
    givesUp: true,
  },
];

/** Answers each append before it is done; its numbers go on meanwhile. */
function hasty(ledger: LedgerWriter): LedgerWriter {
  let nextSeq = ledger.nextSeq();
  let last: Promise<void> = Promise.resolve();
  const later = (work: () => Promise<void>) => {
    last = last.then(work).catch(() => undefined);
  };
  return {
    ...ledger,
    nextSeq: () => nextSeq,
    append: async (entries, atUs) => {
      nextSeq += entries.length;
      later(() => ledger.append(entries, atUs));
    },
    watermark: async (us) => later(() => ledger.watermark(us)),
  };
}

/** Knows what was appended since it was opened. */
function forgetful(ledger: LedgerWriter): LedgerWriter {
  const known = new Set<string>();
  return {
    ...ledger,
    find: (application) => (known.has(application) ? ledger.find(application) : undefined),
    mayHold: (application) => known.has(application),
    append: async (entries, atUs) => {
      await ledger.append(entries, atUs);
      for (const { application } of entries) known.add(application);
    },
  };
}

/** Finds what is on its way as well. */
function talkative(ledger: LedgerWriter): LedgerWriter {
  const underWay = new Map<string, LedgerEntry>();
  return {
    ...ledger,
    mayHold: () => true,
    find: (application) => underWay.get(application) ?? ledger.find(application),
    append: async (entries, atUs) => {
      for (const entry of entries) underWay.set(entry.application, entry);
      await ledger.append(entries, atUs);
    },
  };
}
