/** Spreadsheets of made-up applications for the import, and how they are sent. */
import { systemTimers } from '#engine/clock/index.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { sampleApplication } from '#engine/portal/models/index.ts';
import { type SpreadsheetKind, writeSheet } from '#engine/portal/spreadsheets/index.ts';
import type { FormValues } from '#protocol/forms/index.ts';
import { models } from '#test/support/models.ts';

export interface SheetOfSamples {
  /** Headers: the codes of the fields. */
  readonly fields: readonly string[];
  readonly rows: Record<string, string>[];
}

const TODAY = '2011-01-17';

/** Valid applications of a model, one a row; the same seed gives the same. */
export function sampleSheet(model: string, count: number, seed = 'import'): SheetOfSamples {
  const random = seededRandom(seed, { nowUs: () => 0 });
  const form = models.get(model);
  const fields = form?.pages.flatMap((page) => page.sections.flatMap((each) => each.fields)) ?? [];
  const rows = Array.from({ length: count }, () => {
    const { values } = sampleApplication(models, { random, todayIso: TODAY, model });
    return written(values);
  });
  return { fields, rows };
}

/** Answers as a person writes them in Italy. */
function written(values: FormValues): Record<string, string> {
  const texts = Object.entries(values).map(([field, value]) => [field, textOf(value)]);
  return Object.fromEntries(texts);
}

function textOf(value: FormValues[string]): string {
  if (typeof value === 'boolean') return value ? 'sì' : 'no';
  if (typeof value === 'number') return String(value).replace('.', ',');
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(value)) ?? [];
  return year === undefined ? String(value) : `${day}/${month}/${year}`;
}

/** The file's bytes. */
export async function sheetBytes(sheet: SheetOfSamples, kind: SpreadsheetKind): Promise<Buffer> {
  const { fields, rows } = sheet;
  const wish = { kind, name: 'Domande', columns: fields.map((header) => ({ header })) };
  const cells = rows.map((row) => fields.map((field) => row[field] ?? ''));
  return Buffer.concat(await Array.fromAsync(writeSheet(cells, wish, systemTimers())));
}

/** One file as a browser sends it; body and headers for a caller. */
export async function uploadOf(bytes: Uint8Array, name: string) {
  const form = new FormData();
  form.append('file', new Blob([Uint8Array.from(bytes)]), name);
  const request = new Request('http://localhost', { method: 'POST', body: form });
  const type = request.headers.get('content-type') ?? '';
  return { body: Buffer.from(await request.arrayBuffer()), headers: { 'content-type': type } };
}
