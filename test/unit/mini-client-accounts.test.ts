/** Several accounts in one directory, order of sending, what follows the sending by itself. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakePassbook } from '#test/support/fake-gate.ts';
import { application } from '#test/support/fake-portal.ts';
import {
  STAGE_DAY as DAY,
  STAGE_IDS as ids,
  type MiniClientStage,
  openMiniClientStage,
} from '#test/support/mini-client-stage.ts';

let stage: MiniClientStage;

beforeEach(async () => {
  stage = await openMiniClientStage();
});

afterEach(() => stage.close());

/** What the portal has, as if another account had logged in. */
function anotherAccount(names: readonly string[]): void {
  stage.portal.applications = names.map((id) => application(id, DAY));
  stage.portal.passbooks = [fakePassbook(names, DAY, 'other')];
}

describe('several accounts in one directory', () => {
  const others = ['01J000000000000000000000D1', '01J000000000000000000000D2'];

  async function twoPrepared(): Promise<void> {
    await stage.login('rossi');
    expect((await stage.cli(['prepare', '--account', 'rossi'])).code).toBe(0);
    await stage.login('verdi');
    anotherAccount(others);
    expect((await stage.cli(['prepare', '--account', 'verdi'])).code).toBe(0);
  }

  it('keeps each account in a folder of its own', async () => {
    await twoPrepared();
    const session = (name: string) => join(stage.directory, 'accounts', name, 'session.json');
    expect([session('rossi'), session('verdi')].map(existsSync)).toEqual([true, true]);
    expect(existsSync(join(stage.directory, 'session.json'))).toBe(false);
  });

  it('sends for all of them together, and says whose each outcome is', async () => {
    await twoPrepared();
    const { code, lines } = await stage.cli(['send', '--all-accounts', '--no-receipts']);
    expect(code).toBe(0);
    const accepted = lines.filter(({ event }) => event === 'accepted');
    const of = (name: string) =>
      accepted.filter(({ account }) => account === name).map((line) => line.application);
    expect(of('rossi')).toEqual(ids);
    expect(of('verdi')).toEqual(others);
    expect(lines.filter(({ event }) => event === 'summary')).toHaveLength(2);
    expect(stage.gate.hellos).toHaveLength(2);
    expect(stage.gate.entries.size).toBe(5);
  });

  it('does for the others what fails for one, and exits with the worst', async () => {
    await twoPrepared();
    writeFileSync(join(stage.directory, 'accounts', 'rossi', 'send.lock'), String(process.ppid));
    const { code, lines } = await stage.cli(['send', '--all-accounts', '--no-receipts']);
    expect(code).toBe(1);
    expect(lines).toContainEqual(expect.objectContaining({ code: 'sendBusy', account: 'rossi' }));
    expect(stage.gate.entries.size).toBe(2);
  });

  it('lists all of them, the directory itself included where it has a session', async () => {
    await twoPrepared();
    await stage.login();
    const { said, lines } = await stage.cli(['list', '--all-accounts']);
    expect(new Set(lines.map(({ account }) => account))).toEqual(
      new Set([undefined, 'rossi', 'verdi']),
    );
    expect(said).toMatch(/^\[rossi\] Click day/m);
  });

  it('writes a summary for each into a file of its own', async () => {
    await twoPrepared();
    const out = join(stage.directory, 'day.csv');
    await stage.cli(['summary', '--all-accounts', '--out', out]);
    const of = (name: string) => readFileSync(join(stage.directory, `day-${name}.csv`), 'utf8');
    expect(of('rossi')).toContain(ids[0]);
    expect(of('verdi')).toContain(others[0]);
  });

  it('says so when there is none', async () => {
    const ran = await stage.cli(['send', '--all-accounts']);
    expect(ran).toMatchObject({ code: 1, lines: [{ code: 'noAccounts' }] });
  });
});

describe('the order of sending', () => {
  const sentOrder = () => stage.gate.arrivals.map((arrival) => arrival.application);
  const [one = '', two = '', three = ''] = ids;

  async function prepared(): Promise<void> {
    await stage.login();
    await stage.cli(['prepare']);
  }

  it('is shown, and changed by what shall go first', async () => {
    await prepared();
    expect((await stage.cli(['order'])).lines).toEqual([
      { event: 'order', clickDay: DAY, applications: ids, left: [] },
    ]);
    await stage.cli(['order', '--first', three]);
    await stage.cli(['send', '--no-receipts']);
    expect(sentOrder()).toEqual([three, one, two]);
  });

  it('leaves out what shall not be sent, also when prepared anew', async () => {
    await prepared();
    await stage.cli(['order', '--leave', two]);
    await stage.cli(['prepare']);
    await stage.cli(['send', '--no-receipts']);
    expect(sentOrder()).toEqual([one, three]);
  });

  it('is read from a file, by order and by prepare', async () => {
    await prepared();
    const file = join(stage.directory, 'order.txt');
    writeFileSync(file, `# first the oldest\n${three}\n\n${two}\n`);
    const { lines } = await stage.cli(['order', '--file', file]);
    expect(lines).toMatchObject([{ applications: [three, two, one] }]);
    await stage.cli(['order', '--reset']);
    await stage.cli(['prepare']);
    expect((await stage.cli(['order'])).lines).toMatchObject([{ applications: ids }]);
    await stage.cli(['prepare', '--click-day', DAY, '--order', file]);
    expect((await stage.cli(['order'])).lines).toMatchObject([{ applications: [three, two, one] }]);
  });

  it('refuses what is not prepared, and to leave nothing', async () => {
    await prepared();
    const unknown = await stage.cli(['order', '--first', 'nobody']);
    expect(unknown).toMatchObject({ code: 1, lines: [{ code: 'orderUnknown' }] });
    const none = await stage.cli(['order', '--leave', ...ids]);
    expect(none).toMatchObject({ code: 1, lines: [{ code: 'orderLeavesNone' }] });
    expect((await stage.cli(['order'])).lines).toMatchObject([{ applications: ids }]);
  });
});

describe('after the sending', () => {
  it('fetches the receipts by itself, without changing what send says', async () => {
    await stage.login();
    await stage.cli(['prepare']);
    stage.portal.pendingCount = 1;
    const { code, lines } = await stage.cli(['send']);
    expect(code).toBe(0);
    const path = join(stage.directory, 'receipts', `${ids[0]}.pdf`);
    expect(readFileSync(path, 'latin1')).toContain('%PDF-');
    expect(lines).toContainEqual(expect.objectContaining({ event: 'summary', saved: 3 }));
  });

  it('ends at once without a session, and when receipts are not wanted', async () => {
    await stage.login();
    await stage.cli(['prepare']);
    const receiptsAsked = () => stage.portal.requests.filter((one) => one.includes('receipt'));
    await stage.cli(['send', '--no-receipts']);
    expect(receiptsAsked()).toEqual([]);
    await stage.cli(['logout']);
    const { code, lines } = await stage.cli(['send']);
    expect(code).toBe(0);
    expect(lines.map(({ event }) => event)).not.toContain('error');
    expect(receiptsAsked()).toEqual([]);
  });

  it('says when a receipt is not genuine, by the keys that were kept', async () => {
    await stage.login();
    await stage.cli(['prepare']);
    await stage.cli(['send', '--no-receipts']);
    const keys = { logs: [], seals: [] };
    writeFileSync(join(stage.directory, 'verification-keys.json'), JSON.stringify(keys));
    const { code, lines, said } = await stage.cli(['receipts', '--language', 'en']);
    expect(code).toBe(1);
    expect(lines[0]).toMatchObject({ event: 'receipt', isGenuine: false });
    expect(lines.at(-1)).toMatchObject({ event: 'summary', saved: 3, bad: 3 });
    expect(said).toContain('is not genuine');
  });
});
