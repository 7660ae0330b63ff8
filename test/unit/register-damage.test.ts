/**
 * Bits that flip in the register: what is stored in another form than it was written is reported by
 * the check, and refused to whoever reads it. What older versions wrote without a seal is read.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import {
  openRegister,
  type Register,
  verifyReceipts,
  verifyRegister,
} from '#engine/register/index.ts';
import { openEnvironment } from '#engine/store/index.ts';
import { leafText, protocolNumber } from '#protocol/entry.ts';
import { entryOf, memoryLedger } from '#test/support/register-entries.ts';

const TEMPLATE = Buffer.from('%PDF-1.7 a template');
const HASH = sha256Base64Url(TEMPLATE);
const ENTRIES = [1, 2, 3].map((seq) => entryOf('g1', seq));

let folder: string;
let register: Register;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-damage-'));
  register = openRegister(folder);
  await register.append(ENTRIES);
  await register.receipts.store({
    templates: new Map([[HASH, TEMPLATE]]),
    receipts: [1, 2, 3].map(receiptOf),
    failures: [],
    told: [],
  });
  await register.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

function receiptOf(place: number) {
  const title = Buffer.from(protocolNumber(ENTRIES[place - 1]!), 'utf16le').swap16();
  const text = `/Title <${title.toString('hex')}> to Maria Rossi\n%%EOF\n`;
  return { place, template: HASH, appended: Buffer.from(text) };
}

type Change = (bytes: Buffer) => Buffer;

function flipped(at: number): Change {
  return (bytes) => {
    const changed = Buffer.from(bytes);
    changed[at] = changed[at]! ^ 1;
    return changed;
  };
}

/** Writes a value past the register's own hands, and opens it again. */
async function changed(table: string, change: Change, key: number | string = 2) {
  const environment = openEnvironment({ path: folder });
  const kind = typeof key === 'number' ? 'uint32' : 'text';
  const values = environment.table<number | string>(table, kind as never);
  const value = change(values.get(key)!);
  await environment.transaction(() => values.put(key, value));
  await environment.close();
  register = openRegister(folder, { readOnly: true });
}

async function violations() {
  const readers = [memoryLedger('g1')];
  readers[0]!.write(...ENTRIES);
  const checked = [
    ...verifyRegister({ register, readers }).violations,
    ...verifyReceipts({ register, receipts: register.receipts }).violations,
  ];
  return checked.map(({ code, place }) => `${code} ${place}`);
}

describe('a flipped bit', () => {
  it('of an entry is reported, and the entry is not served', async () => {
    await changed('order', flipped(40));
    expect(await violations()).toContain('REGISTER_DAMAGED 2');
    expect(() => register.at(2)).toThrow(/place 2/);
    expect(() => register.entries(1, 3)).toThrow(/place 2/);
    expect(register.at(3)?.entry).toEqual(ENTRIES[2]);
    await register.close();
  });

  it('of the mark of a duplicate, and of a seal, is reported', async () => {
    await changed('order', flipped(3));
    expect(await violations()).toContain('REGISTER_DAMAGED 2');
    await register.close();
    await changed('order', (bytes) => flipped(bytes.length - 1)(flipped(3)(bytes)));
    expect(await violations()).toContain('REGISTER_DAMAGED 2');
    await register.close();
  });

  it('of the index is reported, and leads to nobody else', async () => {
    const { application } = ENTRIES[1]!;
    await changed('applications', flipped(5), application);
    expect(await violations()).toEqual(['REGISTER_INDEX 2']);
    expect(() => register.placeOf(application)).toThrow(/another's place/);
    await register.close();
  });

  it('of a receipt is reported, and the receipt is not served', async () => {
    await changed('receipts', (bytes) => flipped(bytes.length - 3)(bytes));
    expect(await violations()).toEqual(['RECEIPT_DAMAGED 2']);
    expect(() => register.receipts.get(2)).toThrow();
    expect(register.receipts.get(3)).toEqual(Buffer.concat([TEMPLATE, receiptOf(3).appended]));
    await register.close();
  });

  it('that puts a receipt in the place of another is reported, and it is not served', async () => {
    const environment = openEnvironment({ path: folder });
    const other = environment.table<number>('receipts', 'uint32').get(3)!;
    await environment.close();
    await changed('receipts', () => other);
    expect(await violations()).toEqual(['RECEIPT_DAMAGED 2']);
    expect(() => register.receipts.get(2)).toThrow(/place 2/);
    await register.close();
  });

  it('of a template is reported for each of its receipts, and none is served', async () => {
    await changed('templates', flipped(10), HASH);
    expect(await violations()).toEqual([1, 2, 3].map((place) => `RECEIPT_DAMAGED ${place}`));
    expect(() => register.receipts.get(1)).toThrow(/template/);
    await register.close();
  });
});

it('reads what was written without a seal', async () => {
  const unsealed = Buffer.concat([Buffer.alloc(4), Buffer.from(leafText(ENTRIES[1]!))]);
  await changed('order', () => unsealed);
  expect(await violations()).toEqual([]);
  expect(register.at(2)?.entry).toEqual(ENTRIES[1]);
  await register.close();
});
