/** `clickday models` as whoever writes a call uses it: verdicts, exit statuses, planned days. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clickday, clickdayOk, fixture, temporaryDirectory } from '#test/support/system.ts';

const EXAMPLE = 'docs/examples/bicycle-grant';

/** A copy of the example with a definition that names a page and a field that are not there. */
function brokenCall(): string {
  const directory = join(temporaryDirectory(), 'call');
  cpSync(EXAMPLE, directory, { recursive: true });
  const path = join(directory, 'definitions/bici-1.json');
  const text = readFileSync(path, 'utf8').replace('"bicycle-1"', '"bell-1"');
  writeFileSync(path, text.replaceAll('applicantSurname', 'nickname'));
  return directory;
}

describe('clickday models', () => {
  it('lists what the call offers', async () => {
    const shipped = await clickdayOk(['models', 'list', '--json']);
    const rows = shipped
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { code: string });
    expect(rows.map((row) => row.code).join()).toBe('A,B,C-STAG,VA,VB,LS,LS1,LS2,BPS');
    const grant = await clickdayOk(['models', 'list', '--models', EXAMPLE]);
    expect(grant).toMatch(/^BICI {2}version 1 · 3 pages · Grant for a bicycle$/m);
  });

  it('judges a directory, or one file of it', async () => {
    const directory = brokenCall();
    const whole = await clickday(['models', 'check', directory, '--json']);
    const faults = whole.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(faults).toContainEqual({
      file: 'definitions/bici-1.json',
      path: '/pages/1',
      message: 'there is no page bell-1',
    });
    expect(whole.stderr).toMatch(/^error: MODELS_INVALID: \d+ things are wrong with/m);
    expect(whole.status).toBe(1);
    const file = await clickday(['models', 'check', join(directory, 'definitions/bici-1.json')]);
    expect(file.stdout).toContain('definitions/bici-1.json /meaning/title/0: there is no field');
    expect(file.status).toBe(1);
    const other = await clickday(['models', 'check', join(directory, 'definitions/cargo-1.json')]);
    expect([other.status, other.stdout]).toEqual([0, '']);
    expect((await clickday(['models', 'check', join(directory, 'nowhere')])).status).toBe(2);
    expect((await clickday(['models', 'check'])).status).toBe(2);
  });

  it('starts nothing with a directory that is wrong, or lacks a form that is in use', async () => {
    const data = temporaryDirectory();
    const ports = ['--portal', '127.0.0.1:0', '--gate', '127.0.0.1:0', '--data', data];
    const wrong = await clickday(['start', ...ports, '--models', brokenCall()]);
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('bell-1')]);
    const words = ['--opens-in', '86400', '--models', EXAMPLE];
    await fixture({ data, accounts: 1, applications: 4, words });
    const without = await clickday(['start', ...ports]);
    expect(without.stderr).toContain('MODELS_MISSING');
    expect(without.stderr).toContain('BICI version 1');
    expect(without.status).toBe(1);
  });

  it('enters the click days of a calendar once, rules and all', async () => {
    const data = temporaryDirectory();
    const plan = ['models', 'plan', 'decree-2010', '--data', data, '--json'];
    const days = (await clickdayOk(plan)).trim().split('\n');
    expect(days.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([
      '2011-01-31',
      '2011-02-02',
      '2011-02-03',
    ]);
    const again = await clickday(plan);
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('CLICK_DAY_EXISTS')]);
    const audit = await clickdayOk(['export', '--what', 'audit', '--data', data]);
    expect(audit.match(/click-day\.create/g)).toHaveLength(3);
    expect(audit).toContain('exceptNationalities');
    const none = await clickday(['models', 'plan', 'decree-1910', '--data', data]);
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('seasonal-2011')]);
  });
});
