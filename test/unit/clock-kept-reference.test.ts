/** The reference that a clock leaves for the next process: of this boot, whole, or not at all. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Reference, referenceFile } from '../../engine/clock/index.ts';
import { silentLog } from '../../engine/foundation/log.ts';

const KEPT: Reference = { atUs: 7, offsetUs: 1e15, errorUs: 2, driftPpm: 15, source: 'ntp' };
const MINUTE_US = 60_000_000;

describe('a kept reference', () => {
  let folder = '';
  let path = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clickday-reference-'));
    path = join(folder, 'clock-reference');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const memory = (bootId: string | undefined = 'boot 1') =>
    referenceFile({ path, log: silentLog(), bootId });

  it('is recalled by the next process of the same boot', () => {
    memory().keep(KEPT);
    expect(memory().recall()).toEqual(KEPT);
  });

  it('is of no use on another boot', () => {
    memory().keep(KEPT);
    expect(memory('boot 2').recall()).toBeUndefined();
  });

  it('is this machine’s by its own boot id', () => {
    referenceFile({ path, log: silentLog() }).keep(KEPT);
    expect(referenceFile({ path, log: silentLog() }).recall()).toEqual(KEPT);
    expect(memory().recall()).toBeUndefined();
  });

  it('is written once a minute at most', () => {
    const one = memory();
    one.keep(KEPT);
    one.keep({ ...KEPT, atUs: KEPT.atUs + MINUTE_US - 1 });
    expect(one.recall()?.atUs).toBe(KEPT.atUs);
    one.keep({ ...KEPT, atUs: KEPT.atUs + MINUTE_US });
    expect(one.recall()?.atUs).toBe(KEPT.atUs + MINUTE_US);
  });

  it.each([
    ['torn', (text: string) => text.slice(0, 30)],
    ['not an object', () => '7'],
    ['without a number', (text: string) => text.replace('"errorUs":2', '"errorUs":"2"')],
    ['with an impossible error', (text: string) => text.replace('"errorUs":2', '"errorUs":-2')],
    ['without its source', (text: string) => text.replace('"ntp"', '1')],
  ])('that is %s is none', (_what, damage) => {
    memory().keep(KEPT);
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    expect(memory().recall()).toBeUndefined();
  });

  it('that cannot be written costs the witness and nothing else', () => {
    rmSync(folder, { recursive: true });
    expect(() => memory().keep(KEPT)).not.toThrow();
    expect(memory().recall()).toBeUndefined();
    writeFileSync(folder, '');
    chmodSync(folder, 0o600);
    expect(() => memory().keep(KEPT)).not.toThrow();
  });
});
