/**
 * Reading register and receipts again, some places at a time, over and over: each entry against its
 * ledger, whose pages are sealed, its place in the index, and its receipt as far as a receipt can
 * be checked by itself. Runs in the registrar's process between other work, at a bounded rate.
 */
import type { Cancel, Clock, Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import { LedgerDamaged, type LedgerReader } from '#engine/ledger/index.ts';
import { leafText, protocolNumber } from '#protocol/entry.ts';
import type { Register, RegisterEntry } from './register.ts';
import { indexedPlace, receiptDamage } from './verify.ts';

export interface RegisterScrub {
  start(): void;
  /** Looks at `count` places; true at the end of a pass. For tests. */
  step(count: number): boolean;
  status(): RegisterScrubStatus;
  close(): void;
}

export interface RegisterScrubStatus {
  readonly passes: number;
  /** Microseconds; null before the first. */
  readonly lastPassAtUs: number | null;
  /** At most `DAMAGES_KEPT_MAX`, in the order found. */
  readonly damaged: readonly { readonly place: number; readonly message: string }[];
}

export interface RegisterScrubParts {
  readonly register: Register;
  readonly ledgers: () => readonly Pick<LedgerReader, 'gate' | 'refresh' | 'entries'>[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** 0: it does not run. */
  readonly placesPerSecond: number;
  readonly pauseMs: number;
}

const STEP_EVERY_MS = 200;
const DAMAGES_KEPT_MAX = 1000;

export function createRegisterScrub(parts: RegisterScrubParts): RegisterScrub {
  const { register, clock, timers, log, placesPerSecond, pauseMs } = parts;
  const perStep = Math.ceil((placesPerSecond * STEP_EVERY_MS) / 1000);
  const damaged = new Map<number, string>();
  let nextPlace = 1;
  let passes = 0;
  let lastPassAtUs: number | null = null;
  let cancel: Cancel = () => undefined;

  const look = (place: number) => {
    const message = entryDamage(parts, place) ?? receiptDamageAt(register, place);
    if (message === null || damaged.has(place) || damaged.size >= DAMAGES_KEPT_MAX) return;
    damaged.set(place, message);
    log.error({ place, message }, 'the register or a receipt is damaged');
  };

  const step = (count: number): boolean => {
    register.refresh();
    for (const ledger of parts.ledgers()) ledger.refresh();
    const past = Math.min(nextPlace + count, register.lastPlace() + 1);
    for (; nextPlace < past; nextPlace += 1) look(nextPlace);
    if (nextPlace <= register.lastPlace()) return false;
    nextPlace = 1;
    passes += 1;
    lastPassAtUs = clock.nowUs();
    return true;
  };

  const tick = () => {
    const isEnd = step(perStep);
    cancel = timers.after(isEnd ? pauseMs : STEP_EVERY_MS, tick);
  };

  return {
    start: () => {
      if (placesPerSecond > 0) cancel = timers.after(STEP_EVERY_MS, tick);
    },
    step,
    status: () => ({
      ...{ passes, lastPassAtUs },
      damaged: Array.from(damaged, ([place, message]) => ({ place, message })),
    }),
    close: () => cancel(),
  };
}

/** What is wrong with the entry at `place`; null when nothing, or when its ledger is damaged. */
function entryDamage({ register, ledgers }: RegisterScrubParts, place: number): string | null {
  const found = readEntry(register, place);
  if (found === undefined) return 'the entry cannot be read';
  const { entry, duplicateOf } = found;
  if (indexedPlace(register, entry.application) !== (duplicateOf ?? place)) {
    return 'the index leads elsewhere';
  }
  const ledger = ledgers().find(({ gate }) => gate === entry.gate);
  if (ledger === undefined) return null;
  try {
    const [original] = ledger.entries(entry.seq, 1);
    const isSame = original !== undefined && leafText(original) === leafText(entry);
    return isSame ? null : `${protocolNumber(entry)} is another in its ledger`;
  } catch (error) {
    if (error instanceof LedgerDamaged) return null; // its gate says so
    throw error;
  }
}

function readEntry(register: Register, place: number): RegisterEntry | undefined {
  try {
    return register.at(place);
  } catch {
    return undefined;
  }
}

function receiptDamageAt(register: Register, place: number): string | null {
  const { receipts } = register;
  const entry = readEntry(register, place)?.entry;
  if (entry === undefined || !receipts.has(place)) return null;
  return receiptDamage(place, protocolNumber(entry), receipts);
}
