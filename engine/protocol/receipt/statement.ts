/**
 * What a receipt states, held against what the log has. `entry.json` is the log's own leaf, byte
 * for byte; `receipt.json` repeats it for people and adds what the log must not hold: names.
 */
import { canonicalText } from '../canonical.ts';
import { entryFromLeaf, type LedgerEntry, leafText, protocolNumber } from '../entry.ts';
import { isoFromUs } from '../time.ts';
import { ReceiptRefused } from './refusal.ts';

/** `receipt.json`, format 1. `rehearsal`: without value. `test`: sealed with a test key. */
export interface ReceiptStatement {
  readonly format: 1;
  readonly protocol: string;
  readonly application: string;
  readonly digest: string;
  readonly salt: string;
  readonly clickDay: string;
  readonly model: string;
  readonly modelTitle: string;
  readonly office: string;
  readonly officeName: string;
  readonly officeCriterion: string;
  readonly employer: string;
  readonly worker: string;
  readonly nationality: string;
  readonly sender: string;
  readonly stamp: string;
  readonly uncertaintyUs: number;
  /** Over all gates, as the portal counted it when it made the receipt. */
  readonly place?: number;
  readonly language: 'it' | 'en';
  readonly url: string;
  readonly test: boolean;
  readonly rehearsal: boolean;
}

const TEXTS = [
  ...['protocol', 'application', 'digest', 'salt', 'clickDay', 'model', 'modelTitle', 'office'],
  ...['officeName', 'officeCriterion', 'employer', 'worker', 'nationality', 'sender', 'stamp'],
  ...['language', 'url'],
];
const MEMBERS = new Set([...TEXTS, 'format', 'uncertaintyUs', 'place', 'test', 'rehearsal']);

/** The entry of a leaf; refuses a text that is not the one form of one. */
export function readEntry(text: string): LedgerEntry {
  try {
    const entry = entryFromLeaf(text);
    const { application, clickDay, digest, gate, model, office } = entry;
    const texts: readonly unknown[] = [application, clickDay, digest, gate, model, office];
    const isWhole =
      texts.every((one) => typeof one === 'string') &&
      Number.isSafeInteger(entry.uncertaintyUs) &&
      entry.seq > 0 &&
      leafText(entry) === text;
    if (isWhole) return entry;
  } catch {
    // JSON of another kind, or none: refused below.
  }
  throw wrong('entryForm');
}

/** What the receipt says, in agreement with the entry; refuses what is not. */
export function readStatement(text: string, entry: LedgerEntry): ReceiptStatement {
  const statement = statementIn(text);
  const { application, clickDay, digest, model, office, uncertaintyUs, stampUs } = entry;
  const wanted = { application, clickDay, digest, model, office, uncertaintyUs };
  const shared = Object.entries({
    ...wanted,
    stamp: isoFromUs(stampUs),
    protocol: protocolNumber(entry),
  });
  const isSame = shared.every(([name, value]) => statement[name as keyof typeof wanted] === value);
  if (!isSame) throw wrong('statementDiffers');
  return statement;
}

function statementIn(text: string): ReceiptStatement {
  try {
    const value: unknown = JSON.parse(text);
    if (canonicalText(value) === text && isStatement(value)) return value;
  } catch {
    // As above.
  }
  throw wrong('statementForm');
}

function isStatement(value: unknown): value is ReceiptStatement {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const members = value as Readonly<Record<string, unknown>>;
  const { format, place, test, rehearsal, language, uncertaintyUs } = members;
  return (
    Object.keys(members).every((name) => MEMBERS.has(name)) &&
    TEXTS.every((name) => typeof members[name] === 'string') &&
    format === 1 &&
    typeof uncertaintyUs === 'number' &&
    (place === undefined || (Number.isSafeInteger(place) && Number(place) > 0)) &&
    typeof test === 'boolean' &&
    typeof rehearsal === 'boolean' &&
    (language === 'it' || language === 'en')
  );
}

function wrong(reason: 'entryForm' | 'statementForm' | 'statementDiffers'): ReceiptRefused {
  return new ReceiptRefused('RECEIPT_CONTENT_WRONG', reason);
}
