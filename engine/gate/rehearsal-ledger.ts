/**
 * The ledger of practice submissions: a ledger like the real one, in a folder of its own, that may
 * be thrown away. It is begun anew when it is full, when it cannot be opened and when a write has
 * failed; what it held is of no value to anybody. None of this ever ends the gate's process.
 *
 *     in use ──full, or a write failed──► out of use ──wiped, opened──► in use
 */
import type { Log } from '#engine/foundation/log.ts';
import type { LedgerWriter } from '#engine/ledger/index.ts';

export interface RehearsalLedger extends LedgerWriter {
  /** False while it is begun anew, and for good when that failed. */
  isInUse(): boolean;
  isFull(): boolean;
  /** Nothing more is written until it has been begun anew. */
  giveUp(): void;
  /** Wipes it and begins anew. Nothing may be on its way. */
  beginAnew(): Promise<void>;
}

export async function openRehearsalLedger(options: {
  readonly gate: string;
  /** Opens the ledger in its folder, or makes it. */
  readonly open: () => Promise<LedgerWriter>;
  /** Removes the folder. */
  readonly wipe: () => void;
  readonly entriesMax: number;
  readonly log: Log;
}): Promise<RehearsalLedger> {
  const { gate, open, wipe, entriesMax, log } = options;
  let current: LedgerWriter | undefined;
  let isGivenUp = false;

  const isSpent = (ledger: LedgerWriter) =>
    ledger.nextSeq() > entriesMax || ledger.unread.length > 0;
  const beginAnew = async () => {
    const old = current;
    current = undefined;
    try {
      await old?.close();
      wipe();
      current = await open();
      isGivenUp = false;
      log.info('the ledger of rehearsals is begun anew');
    } catch (error) {
      log.error({ error }, 'no ledger of rehearsals: nobody can practise on this gate');
    }
  };
  try {
    current = await open();
  } catch (error) {
    log.warn({ error }, 'the ledger of rehearsals could not be opened');
  }
  if (current === undefined || isSpent(current)) await beginAnew();

  const inUse = (): LedgerWriter => {
    if (current === undefined) throw new Error('the ledger of rehearsals is out of use');
    return current;
  };
  return {
    gate,
    unread: [],
    isInUse: () => current !== undefined && !isGivenUp,
    isFull: () => current !== undefined && isSpent(current),
    giveUp: () => {
      isGivenUp = true;
    },
    beginAnew,
    nextSeq: () => current?.nextSeq() ?? 1,
    lastStampUs: () => current?.lastStampUs() ?? 0,
    find: (application) => current?.find(application),
    mayHold: (application) => current?.mayHold(application) ?? false,
    append: async (entries, committedAtUs) => inUse().append(entries, committedAtUs),
    watermark: async (us) => inUse().watermark(us),
    close: async () => current?.close(),
  };
}
