/**
 * The summary as a sheet of paper: what a person files or hands over. It is no receipt and says so;
 * the receipts are files of their own, sealed. A name that cannot be shown whole is said to be so.
 */
import { PDFDocument, rgb } from 'pdf-lib';
import { outcomeOf } from '#protocol/outcomes.ts';
import type { Language } from '#protocol/portal-api.ts';
import type { TextKey } from '../texts.ts';
import { tenths, Words } from '../words.ts';
import { Leaf } from './leaf.ts';
import { Lettering } from './lettering.ts';
import type { SummaryOutcome, SummaryRow } from './rows.ts';

export interface SummaryHead {
  readonly clickDay: string;
  readonly name: string;
  readonly opensAt: string;
  /** Whose applications these are; of several each line says whose. */
  readonly emails: readonly string[];
  /** When it was made; Unix microseconds of this computer's clock. */
  readonly madeAtUs: number;
}

const [WIDTH, HEIGHT] = [841.89, 595.28];
const MARGIN = 40;
const LINE = 12;
const EMAILS_MAX = 3;
const ROW = 40;
const EVIDENCE_WIDTH = WIDTH - MARGIN - 72;
const SIZE = { title: 15, text: 9, small: 7 } as const;
const INK = rgb(0.1, 0.1, 0.1);
const GREY = rgb(0.38, 0.38, 0.38);
/** Left edges of the columns of a row's first line. */
const COLUMN = { number: MARGIN, title: 72, outcome: 290, protocol: 400, stamp: 600 } as const;

/** Resolves when what waits has had its turn. */
export type Breathe = () => Promise<void>;

const outcomeTexts: Readonly<Record<SummaryOutcome, TextKey>> = {
  accepted: 'outcomeAccepted',
  rejected: 'outcomeRejected',
  unanswered: 'outcomeUnanswered',
  'not-sent': 'outcomeNotSent',
};

/** The bytes of the PDF; others have their turn after each row, as `breathe` lets them. */
export async function summaryPdf(
  language: Language,
  head: SummaryHead,
  { rows, breathe }: { readonly rows: readonly SummaryRow[]; readonly breathe: Breathe },
): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const letters = await Lettering.of(pdf);
  pdf.setTitle(`Clickday ${head.clickDay}`);
  pdf.setCreationDate(new Date(head.madeAtUs / 1000));
  pdf.setModificationDate(new Date(head.madeAtUs / 1000));
  const words = new Words(language);
  const sheet = new Sheet(pdf, { words, head, letters });
  sheet.begin([countsOf(words, rows), ...lackOf(words, letters, rows)]);
  for (const row of rows) {
    sheet.row(row);
    await breathe();
  }
  sheet.numberPages();
  return pdf.save();
}

function countsOf(words: Words, rows: readonly SummaryRow[]): string {
  const count = (outcome: SummaryRow['outcome']) =>
    rows.filter((row) => row.outcome === outcome).length;
  const open = count('unanswered') + count('not-sent');
  return words.text('summaryCounts', {
    total: rows.length,
    ...{ accepted: count('accepted'), rejected: count('rejected'), open },
  });
}

/** The sentence about names that the font lacks letters for; nothing where it has all. */
function lackOf(words: Words, letters: Lettering, rows: readonly SummaryRow[]): string[] {
  const count = rows.filter(({ title }) => !letters.canShow(title)).length;
  return count === 0 ? [] : [words.text('summaryLetters', { count, sign: letters.lacking })];
}

/** The first ones and how many more: each line says whose it is anyway. */
function shortened(emails: readonly string[]): string {
  const more = emails.length - EMAILS_MAX;
  return emails.slice(0, EMAILS_MAX).join(', ') + (more > 0 ? ` + ${more}` : '');
}

interface SheetParts {
  readonly words: Words;
  readonly head: SummaryHead;
  readonly letters: Lettering;
}

class Sheet {
  readonly #pdf: PDFDocument;
  readonly #parts: SheetParts;
  #leaf: Leaf;
  readonly #leaves: Leaf[] = [];
  #y = HEIGHT - MARGIN;

  constructor(pdf: PDFDocument, parts: SheetParts) {
    this.#pdf = pdf;
    this.#parts = parts;
    this.#leaf = this.#newLeaf();
  }

  begin(facts: readonly string[]): void {
    const { words, head } = this.#parts;
    const { clickDay, name, opensAt, emails, madeAtUs } = head;
    const email = shortened(emails);
    const made = new Date(madeAtUs / 1000).toISOString();
    this.#y -= SIZE.title;
    this.#write(words.text('summaryTitle', { id: clickDay, name }), MARGIN, SIZE.title, true);
    for (const line of [
      words.text('summaryAccount', { email }),
      words.text('summaryTimes', {
        ...{ opensAt: words.localTime.instant(opensAt), made: words.localTime.instant(made) },
      }),
      ...facts,
      words.text('summaryNoReceipt'),
    ]) {
      this.#y -= LINE + 2;
      this.#write(line, MARGIN, SIZE.text);
    }
    this.#y -= 2 * LINE;
    this.#headings();
  }

  row(row: SummaryRow): void {
    if (this.#y - ROW < MARGIN) this.#turn();
    const { words, letters } = this.#parts;
    const { number, title, outcome, protocol, stamp, uncertaintyUs } = row;
    const outcomeText = words.text(outcomeTexts[outcome]);
    this.#rule();
    this.#y -= LINE;
    this.#write(String(number), COLUMN.number, SIZE.text);
    this.#write(letters.fitted(title, SIZE.text, 206), COLUMN.title, SIZE.text, true);
    this.#write(outcomeText, COLUMN.outcome, SIZE.text);
    this.#write(protocol, COLUMN.protocol, SIZE.text);
    if (stamp !== '') {
      const uncertainty = `± ${words.number(tenths(Number(uncertaintyUs) / 1000))} ms`;
      this.#write(`${words.localTime.datedStamp(stamp)}  ${uncertainty}`, COLUMN.stamp, SIZE.text);
    }
    for (const line of this.#evidence(row)) {
      this.#y -= LINE - 1;
      this.#write(line, COLUMN.title, SIZE.small, false, true);
    }
    this.#y -= ROW - LINE - 2 * (LINE - 1);
  }

  numberPages(): void {
    this.#leaf.close();
    for (const [at, leaf] of this.#leaves.entries()) {
      this.#leaf = leaf;
      this.#y = MARGIN / 2;
      const number = `${at + 1} / ${this.#leaves.length}`;
      this.#write(number, WIDTH - MARGIN - 30, SIZE.small, false, true);
      leaf.close();
    }
  }

  #evidence(row: SummaryRow): string[] {
    const { application, account, model, code, place, leafHash, receiptCheck, logCheck } = row;
    const { words, head, letters } = this.#parts;
    const whose = head.emails.length > 1 ? [account] : [];
    const of = (key: string, value: string | number) => (value === '' ? [] : [`${key} ${value}`]);
    const reason = code === '' ? [] : [refusalOf(words, code)];
    const checks = [
      ...reason,
      ...of(words.text('summaryPlace'), place),
      ...of(words.text('summaryReceipt'), receiptCheck === '' ? '' : checked(words, receiptCheck)),
      ...of(words.text('summaryLog'), logCheck === '' ? '' : checked(words, logCheck)),
    ];
    const hash = of(words.text('summaryLeaf'), leafHash);
    const lines = [
      [`${application} · ${model}`, ...hash],
      [...whose, ...checks],
    ];
    return lines.map((parts) => letters.fitted(parts.join(' · '), SIZE.small, EVIDENCE_WIDTH));
  }

  #headings(): void {
    const { words } = this.#parts;
    const labels = {
      number: 'columnNumber',
      title: 'columnTitle',
      outcome: 'columnOutcome',
      protocol: 'columnProtocol',
      stamp: 'columnStamp',
    } as const;
    for (const [name, x] of Object.entries(COLUMN)) {
      const label = words.text(labels[name as keyof typeof labels]);
      this.#write(label, x, SIZE.small, true, true);
    }
    this.#y -= 6;
  }

  #turn(): void {
    this.#leaf.close();
    this.#leaf = this.#newLeaf();
    this.#y = HEIGHT - MARGIN - SIZE.text;
    this.#headings();
  }

  #newLeaf(): Leaf {
    const leaf = new Leaf(this.#pdf, [WIDTH, HEIGHT], this.#parts.letters);
    this.#leaves.push(leaf);
    return leaf;
  }

  #rule(): void {
    this.#leaf.rule(MARGIN, WIDTH - MARGIN, this.#y);
  }

  #write(text: string, x: number, size: number, isBold = false, isGrey = false): void {
    const color = isGrey ? GREY : INK;
    this.#leaf.write(text, { x, y: this.#y, size, color, isBold });
  }
}

/** What was refused and what to do; the code for the help desk. */
function refusalOf({ language }: Words, code: string): string {
  const outcome = outcomeOf(code);
  return outcome === undefined ? code : `${outcome[language]} (${code})`;
}

function checked(words: Words, verdict: string): string {
  const keys = {
    genuine: 'checkGenuine',
    'not-genuine': 'checkNotGenuine',
    unchecked: 'checkUnchecked',
    'in-log': 'checkInLog',
    early: 'checkEarly',
    missing: 'checkMissing',
  } as const;
  const key = keys[verdict as keyof typeof keys];
  return key === undefined ? verdict : words.text(key);
}
