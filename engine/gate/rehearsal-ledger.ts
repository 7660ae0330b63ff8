/**
 * The ledger of practice submissions: a ledger like the real one, in a folder of its own, that may
 * be thrown away. There is none until somebody practises, since it takes a thread and some 50 MB;
 * it is begun anew then, and when it is full, and when a write has failed. What it held is of no
 * value to anybody. None of this ever ends the gate's process.
 *
 *     none ──begun anew──► in use ──full, or a write failed──► given up ──begun anew──► in use …
 *       ▲                     └──ended, around a real opening──┐
 *       └──────────────────────────────────────────────────────┘
 */
import type { Log } from '#engine/foundation/log.ts';
import type { LedgerWriter } from '#engine/ledger/index.ts';

export interface RehearsalLedger extends LedgerWriter {
  isInUse(): boolean;
  isFull(): boolean;
  /** Nothing more is written until it has been begun anew. */
  giveUp(): void;
  /** Wipes it and begins anew; afterwards `isInUse` says whether that went well. */
  beginAnew(): Promise<void>;
}

/** Of `beginAnew` and `close` each MUST only be called while nothing is on its way. */
export function createRehearsalLedger(options: {
  readonly gate: string;
  /** Makes the ledger in its folder. */
  readonly open: () => Promise<LedgerWriter>;
  /** Removes the folder. */
  readonly wipe: () => void;
  readonly entriesMax: number;
  readonly log: Log;
}): RehearsalLedger {
  const { gate, open, wipe, entriesMax, log } = options;
  let current: LedgerWriter | undefined;
  let isGivenUp = false;

  const close = async () => {
    const old = current;
    current = undefined;
    await old?.close();
  };
  const inUse = (): LedgerWriter => {
    if (current === undefined) throw new Error('there is no ledger of rehearsals');
    return current;
  };
  return {
    gate,
    unread: [],
    isInUse: () => current !== undefined && !isGivenUp,
    isFull: () => current !== undefined && current.nextSeq() > entriesMax,
    giveUp: () => {
      isGivenUp = true;
    },
    beginAnew: async () => {
      try {
        await close();
        wipe();
        current = await open();
        isGivenUp = false;
        log.info('a ledger of rehearsals is begun');
      } catch (error) {
        log.error({ error }, 'no ledger of rehearsals: nobody can practise on this gate');
      }
    },
    nextSeq: () => current?.nextSeq() ?? 1,
    lastStampUs: () => current?.lastStampUs() ?? 0,
    find: (application) => current?.find(application),
    // While there is none nobody knows what the next one will hold when it is asked.
    mayHold: (application) => current?.mayHold(application) ?? true,
    append: async (entries, committedAtUs) => inUse().append(entries, committedAtUs),
    watermark: async (us) => inUse().watermark(us),
    close,
  };
}
