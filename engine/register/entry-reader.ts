/**
 * One entry as it is published: its leaf from the ledger, its place from the register.
 *
 * The place is found by halving the register, which is in the one order, so that an application's
 * second entry gets its own place as well: O(log n) reads and no index of its own.
 */
import { type LedgerReader, leafHash } from '#engine/ledger/index.ts';
import { type LedgerEntry, leafText, protocolNumber } from '#protocol/entry.ts';
import type { PublishedEntry } from '#protocol/portal-api.ts';
import { compareEntries } from '#protocol/ranking/order.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Register, RegisterEntry } from './register.ts';

export interface EntryReaderParts {
  readonly register: Pick<Register, 'at' | 'lastPlace'>;
  readonly ledgers: () => readonly Pick<LedgerReader, 'gate' | 'refresh' | 'lastSeq' | 'entries'>[];
}

/** Reads the entry with this number of this gate; null unless it is of this click day. */
export function createEntryReader(
  parts: EntryReaderParts,
): (named: Pick<LedgerEntry, 'clickDay' | 'gate' | 'seq'>) => PublishedEntry | null {
  return ({ clickDay, gate, seq }) => {
    const ledger = parts.ledgers().find((each) => each.gate === gate);
    ledger?.refresh();
    if (!ledger || seq > ledger.lastSeq()) return null;
    const [entry] = ledger.entries(seq, 1);
    if (entry?.seq !== seq || entry.clickDay !== clickDay) return null;
    const { stampUs, ...facts } = entry;
    const registered = findInRegister(parts.register, entry);
    return {
      ...facts,
      protocol: protocolNumber(entry),
      stamp: isoFromUs(stampUs),
      leafHash: leafHash(leafText(entry)).toString('base64url'),
      place: registered?.place ?? null,
      duplicateOf: registered?.duplicateOf ?? null,
    };
  };
}

function findInRegister(
  register: EntryReaderParts['register'],
  entry: LedgerEntry,
): RegisterEntry | undefined {
  let low = 1;
  let high = register.lastPlace();
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const found = register.at(middle);
    const order = found === undefined ? 0 : compareEntries(found.entry, entry);
    if (order === 0) return found;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
