/**
 * Data directories kept from each version open in this one: they verify, the database is brought to
 * its present form, the register is read, and the ledger goes on with the next number.
 *
 * `data-N.tar.gz` is a directory of format N as a rehearsal with four applications left it. A
 * version that changes the format adds one of its own and keeps the others.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNotice } from '#engine/calendar/index.ts';
import { verifyDirectory } from '#engine/commands/verify.ts';
import { openThreadedWriter } from '#engine/ledger/index.ts';
import { exportedApplications } from '#engine/portal/index.ts';
import { openRegister } from '#engine/register/index.ts';
import { openDatabase } from '#engine/store/database/index.ts';
import {
  DATA_FORMAT,
  type DataDirectory,
  dataDirectory,
  existingDirectory,
  readDataFormat,
} from '#engine/store/index.ts';

const ENTRIES = 5;
const FORMATS = Array.from({ length: DATA_FORMAT }, (_, at) => at + 1);
const archive = (format: number) =>
  fileURLToPath(new URL(`../fixtures/data-${format}.tar.gz`, import.meta.url));

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-kept-'));
});
afterEach(() => rmSync(root, { recursive: true }));

async function appendOne(directory: DataDirectory): Promise<number> {
  const writer = await openThreadedWriter({ path: directory.ledger('g1'), gate: 'g1' });
  const notice = readNotice({
    calendar: directory.calendarNotice,
    portalKey: directory.keyNotice,
  });
  const seq = writer.nextSeq();
  const entry = {
    ...{ application: `NEW${seq}`, clickDay: notice!.clickDays[0]!.id, digest: 'd', gate: 'g1' },
    ...{ model: 'A', office: 'RM', seq, stampUs: writer.lastStampUs() + 1, uncertaintyUs: 0 },
  };
  await writer.append([entry], 1);
  await writer.close();
  return seq;
}

describe.each(FORMATS)('data of format %i', (format) => {
  beforeEach(() => {
    execFileSync('tar', ['-xzf', archive(format), '-C', root]);
  });

  it('verify as they are', async () => {
    expect(readDataFormat(root)).toBe(format);
    const report = await verifyDirectory(existingDirectory(root)!);
    expect(report).toMatchObject({ ok: true, entries: ENTRIES, receipts: { made: ENTRIES } });
    expect(readDataFormat(root)).toBe(format);
  });

  it('open, go on with the next number, and verify again', async () => {
    const directory = dataDirectory(root);
    expect(readDataFormat(root)).toBe(DATA_FORMAT);
    const database = openDatabase(directory.database);
    expect([...exportedApplications(database)]).toHaveLength(ENTRIES);
    const forwarded = database.build
      .selectFrom('application_events')
      .where('kind', '=', 'forwarded');
    expect(database.all(forwarded.select('application'))).toHaveLength(ENTRIES);
    database.close();
    const register = openRegister(directory.register);
    expect(register.lastPlace()).toBe(ENTRIES);
    expect(register.receipts.get(1)?.toString('latin1', 0, 5)).toBe('%PDF-');
    await register.close();
    expect(await appendOne(directory)).toBe(ENTRIES + 1);
    expect(await appendOne(directory)).toBe(ENTRIES + 2);
    expect(await verifyDirectory(directory)).toMatchObject({
      ...{ ok: true, entries: ENTRIES + 2, register: { entries: ENTRIES, pending: 2 } },
    });
  });
});

it('every format has its archive, the present one too', () => {
  expect(FORMATS.filter((format) => !existsSync(archive(format)))).toEqual([]);
});
