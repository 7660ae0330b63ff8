import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import {
  openRegister,
  packReceipt,
  type Register,
  registerExists,
} from '#engine/register/index.ts';
import { applicationId, entryOf } from '#test/support/register-entries.ts';

describe('the register on disk', () => {
  let folder: string;
  let register: Register;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clickday-register-'));
    register = openRegister(folder);
  });
  afterEach(async () => {
    await register.close();
    rmSync(folder, { recursive: true });
  });

  it('gives places from 1 and finds an application by its id', async () => {
    await register.append([entryOf('g1', 1), entryOf('g1', 2)]);
    expect(register.lastPlace()).toBe(2);
    expect(register.placeOf(applicationId(2))).toBe(2);
    expect(register.at(2)).toEqual({ place: 2, entry: entryOf('g1', 2), duplicateOf: null });
    expect(register.at(3)).toBeUndefined();
  });

  it('keeps the second entry of an application apart and marks it', async () => {
    const same = applicationId(7);
    await register.append([entryOf('g1', 1, { application: same })]);
    const written = await register.append([
      entryOf('g2', 1, { application: same }),
      entryOf('g2', 2, { application: same }),
    ]);
    expect(written.map(({ duplicateOf }) => duplicateOf)).toEqual([1, 1]);
    expect(register.placeOf(same)).toBe(1);
    expect(register.duplicates()).toBe(2);
  });

  it('takes an entry once: a second append of it writes nothing', async () => {
    await register.append([entryOf('g1', 1), entryOf('g1', 2)]);
    const again = register.append([entryOf('g1', 3), entryOf('g1', 2)]);
    await expect(again).rejects.toThrow('in the register already');
    expect(register.lastPlace()).toBe(2);
    expect(register.cursors()).toEqual(new Map([['g1', 2]]));
    expect(register.placeOf(applicationId(3))).toBeUndefined();
  });

  it('remembers order and cursors over a restart', async () => {
    await register.append([entryOf('g1', 1), entryOf('g2', 1, { application: 'x' })]);
    await register.close();
    register = openRegister(folder);
    expect(register.cursors()).toEqual(
      new Map([
        ['g1', 1],
        ['g2', 1],
      ]),
    );
    expect(register.entries(1, 10).map(({ entry }) => entry.gate)).toEqual(['g1', 'g2']);
  });

  it('can be read beside its writer', async () => {
    await register.append([entryOf('g1', 1)]);
    const reader = openRegister(folder, { readOnly: true });
    await register.append([entryOf('g1', 2)]);
    reader.refresh();
    expect(reader.lastPlace()).toBe(2);
    await reader.close();
  });

  it('says whether there is a register in a folder', () => {
    expect(registerExists(folder)).toBe(true);
    expect(registerExists(join(folder, 'none'))).toBe(false);
  });

  it('stores a receipt that was packed elsewhere as it stores one that was not', async () => {
    const template = Buffer.from('%PDF-1.7 template');
    const hash = sha256Base64Url(template);
    const appended = Buffer.from('what is its own\n%%EOF\n');
    const about = { template: hash };
    await register.receipts.store({
      ...{ templates: new Map([[hash, template]]), failures: [], told: [] },
      receipts: [
        { ...about, place: 1, appended },
        { ...about, place: 2, packed: packReceipt(appended, template) },
      ],
    });
    const whole = Buffer.concat([template, appended]);
    expect([1, 2].map((place) => register.receipts.get(place))).toEqual([whole, whole]);
  });
});
