/**
 * A second register that follows the first, no further than the copies of the ledgers have come, so
 * that it never has an entry that they lack. Receipts follow their entries; each is unpacked on the
 * way, so that a damaged one is not copied.
 */
import { openRegister, type Register, type RegisterEntry } from './register.ts';

export interface RegisterCopy {
  /**
   * Copies what is new, at most `ENTRIES_MAX` entries and `RECEIPTS_MAX` receipts. `limits` says
   * the last number of each gate that may be copied. Says whether nothing is left. Rejects with the
   * step not done, or done in part; the next takes it up.
   */
  step(
    limits: ReadonlyMap<string, number>,
  ): Promise<{ readonly hasEntries: boolean; readonly hasReceipts: boolean }>;
  lastPlace(): number;
  /** The last place of the original at this moment. */
  lastPlaceThere(): number;
  /** Places that the original has told the portal of, and the copy lists as untold. */
  told(): number[];
  /** Takes `places` off the copy's list: its database has heard of them. */
  forget(places: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

const ENTRIES_MAX = 2000;
const RECEIPTS_MAX = 500;
/** Places without a receipt that are looked at in a row before the rest waits. */
const MISSES_MAX = 4096;

const NOTHING = { templates: new Map(), receipts: [], failures: [], told: [] } as const;

export function openRegisterCopy(options: { from: string; to: string }): RegisterCopy {
  const source = openRegister(options.from, { readOnly: true });
  const target = openRegister(options.to);
  const lacking = placesWithoutReceipt(target);

  const entries = async (limits: ReadonlyMap<string, number>) => {
    const found = source.entries(target.lastPlace() + 1, ENTRIES_MAX);
    const isTaken = ({ entry }: RegisterEntry) => entry.seq <= (limits.get(entry.gate) ?? 0);
    const end = found.findIndex((each) => !isTaken(each));
    const taken = end < 0 ? found : found.slice(0, end);
    if (taken.length > 0) await target.append(taken.map(({ entry }) => entry));
    for (const { place, duplicateOf } of taken) if (duplicateOf === null) lacking.add(place);
    return taken.length === found.length && found.length < ENTRIES_MAX;
  };

  const receipts = async () => {
    const places = madeSince(source, lacking);
    if (places.length === 0) return true;
    await target.receipts.store({ ...NOTHING, ...halves(source, places) });
    for (const place of places) lacking.delete(place);
    return places.length < RECEIPTS_MAX;
  };

  const failures = async () => {
    const there = new Map(source.receipts.failures().map((each) => [each.place, each]));
    const here = target.receipts.failures();
    for (const { place } of here) if (!there.has(place)) await target.receipts.forgive(place);
    const known = new Map(here.map((each) => [each.place, each]));
    const fresh = [...there.values()].filter(
      (each) => each.place <= target.lastPlace() && known.get(each.place)?.reason !== each.reason,
    );
    if (fresh.length > 0) await target.receipts.store({ ...NOTHING, failures: fresh });
  };

  return {
    step: async (limits) => {
      source.refresh();
      const hasEntries = await entries(limits);
      const hasReceipts = await receipts();
      await failures();
      return { hasEntries, hasReceipts };
    },
    lastPlace: target.lastPlace,
    lastPlaceThere: () => {
      source.refresh();
      return source.lastPlace();
    },
    told: () => {
      source.refresh();
      const untold = new Set(source.receipts.untold());
      return target.receipts.untold().filter((place) => !untold.has(place));
    },
    forget: async (told) => {
      if (told.length > 0) await target.receipts.store({ ...NOTHING, told });
    },
    close: async () => {
      await source.close();
      await target.close();
    },
  };
}

/** O(number of entries), once. */
function placesWithoutReceipt(register: Register): Set<number> {
  const lacking = new Set<number>();
  for (const { place, duplicateOf } of register.iterate()) {
    if (duplicateOf === null) lacking.add(place);
  }
  for (const place of register.receipts.places()) lacking.delete(place);
  return lacking;
}

/** Receipts are made nearly in order: the first that are lacking are those made next. */
function madeSince(source: Register, lacking: ReadonlySet<number>): number[] {
  const made: number[] = [];
  let misses = 0;
  for (const place of lacking) {
    if (source.receipts.has(place)) made.push(place);
    else misses += 1;
    if (made.length === RECEIPTS_MAX || misses === MISSES_MAX) break;
  }
  return made;
}

function halves(source: Register, places: readonly number[]) {
  const templates = new Map<string, Uint8Array>();
  const receipts = places.flatMap((place) => {
    const parts = source.receipts.parts(place);
    if (parts === undefined) return [];
    templates.set(parts.template, source.receipts.template(parts.template) as Uint8Array);
    return [{ place, ...parts }];
  });
  return { templates, receipts };
}
