/**
 * The mini-client's command line, in this process, with a fake portal and a fake gate behind real
 * sockets: what a person types on the way from log-in to receipt, and what programs are told.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../mini-client/cli.ts';
import { monotonicClock } from '../../mini-client/node/time.ts';
import {
  clickDay,
  createFakeGate,
  type FakeGate,
  fakePassbook,
  serveFakeGate,
} from '../support/fake-gate.ts';
import {
  application,
  clickDayView,
  type FakePortal,
  PASSWORD,
  serveFakePortal,
} from '../support/fake-portal.ts';

const DAY = '2011-01-31';
const ids = [1, 2, 3].map((n) => `01J000000000000000000000A${n}`);
const DRAFT = '01J000000000000000000000B1';
const OTHER_DAY = '01J000000000000000000000C1';

let directory: string;
let portal: FakePortal;
let gate: FakeGate;
let server: Awaited<ReturnType<typeof serveFakeGate>>;
let opensAtUs: number;

function gateOpeningIn(us: number): FakeGate {
  opensAtUs = monotonicClock.nowUs() + us;
  return createFakeGate({
    nowUs: monotonicClock.nowUs,
    after: (delayUs, fn) => setTimeout(fn, delayUs / 1000),
    clickDays: [clickDay(DAY, opensAtUs, opensAtUs + 3_600_000_000)],
  });
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mini-client-'));
  portal = await serveFakePortal();
  gate = gateOpeningIn(400_000);
  server = await serveFakeGate(gate);
  portal.gates = [server.url];
  portal.clickDays = [
    clickDayView(DAY, opensAtUs, opensAtUs + 3_600_000_000),
    clickDayView('2011-02-02', opensAtUs + 9e10, opensAtUs + 9.1e10),
  ];
  portal.applications = [
    application(DRAFT, null, 'draft'),
    application(OTHER_DAY, '2011-02-02'),
    ...ids.map((id) => application(id, DAY)),
  ];
  portal.passbooks = [fakePassbook(ids, DAY), fakePassbook([OTHER_DAY], '2011-02-02')];
});

afterEach(() => {
  portal.close();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly lines: Record<string, unknown>[];
  readonly said: string;
}

async function cli(argv: readonly string[], stdin = '', where = directory): Promise<Ran> {
  const kept = { out: '', err: '' };
  const sink = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        kept[name] += String(chunk);
        done();
      },
    });
  const code = await run({
    argv: [...argv, '--json', '--directory', where],
    environment: { CLICKDAY_PORTAL_URL: portal.url },
    stdin: Readable.from([stdin]),
    ...{ stdout: sink('out'), stderr: sink('err') },
    interrupted: new AbortController().signal,
  });
  const lines = kept.out.split('\n').filter((line) => line.startsWith('{'));
  return { code, lines: lines.map((line) => JSON.parse(line)), said: kept.err };
}

const login = (password = PASSWORD) =>
  cli(['login', '--email', 'a@example.org', '--password-stdin'], `${password}\n`);

async function prepared(): Promise<void> {
  await login();
  expect((await cli(['prepare', '--click-day', DAY])).code).toBe(0);
}

describe('the session', () => {
  it('is kept readable by its owner only, and forgotten by logout', async () => {
    expect((await login()).code).toBe(0);
    const path = join(directory, 'session.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await cli(['logout'])).code).toBe(0);
    expect(portal.requests).toContain('DELETE /api/session');
    expect(await cli(['list'])).toMatchObject({ code: 1, lines: [{ code: 'notLoggedIn' }] });
  });

  it('waits for a portal that is busy as long as it is told, and not for ever', async () => {
    portal.busyCount = 3;
    expect((await login()).code).toBe(0);
    expect(portal.requests).toHaveLength(4);
    portal.busyCount = 1_000;
    expect(await cli(['list'])).toMatchObject({ code: 1, lines: [{ code: 'BUSY' }] });
  });

  it('is refused with a wrong password, and with a one-time password not changed yet', async () => {
    expect(await login('wrong')).toMatchObject({ code: 1, lines: [{ code: 'CREDENTIALS_WRONG' }] });
    portal.mustChangePassword = true;
    expect(await login()).toMatchObject({ code: 1, lines: [{ code: 'changePassword' }] });
    expect(() => statSync(join(directory, 'session.json'))).toThrow('ENOENT');
  });

  it('asks for the code of an account with a second step, and only then', async () => {
    portal.code = '123456';
    const words = ['login', '--email', 'a@example.org', '--password-stdin'];
    const codeOf = ({ lines }: Ran) => lines[0]?.code;
    expect(codeOf(await cli(words, `${PASSWORD}\n`))).toBe('codeMissing');
    expect(codeOf(await cli(words, `${PASSWORD}\n000000\n`))).toBe('SECOND_FACTOR_WRONG');
    expect((await cli(words, `${PASSWORD}\n 123456 \n`)).code).toBe(0);
    expect((await cli([...words, '--totp', '123456'], `${PASSWORD}\n`)).code).toBe(0);
    portal.code = undefined;
    expect((await cli([...words, '--totp', '123456'], `${PASSWORD}\n`)).code).toBe(0);
  });

  it('says so when the portal does not answer', async () => {
    portal.close();
    const ran = await login();
    expect(ran).toMatchObject({ code: 1, lines: [{ code: 'PORTAL_UNREACHABLE' }] });
    expect(ran.said).toContain(portal.url);
  });
});

describe('wrong usage', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['frobnicate']],
    ['a missing option', ['login']],
    ['a shard out of range', ['send', '--shard', '5/4']],
    ['seconds that are no number', ['send', '--time-limit', 'soon']],
    ['a margin below nothing', ['send', '--margin', '-1']],
    ['a name of an account that is a path', ['list', '--account', '../x']],
    ['one account and all of them', ['list', '--account', 'x', '--all-accounts']],
    ['an order without a day', ['prepare', '--order', '/dev/null']],
    ['an order in a file that is not there', ['order', '--file', '/nowhere']],
    ['accounts without a gate', ['send', '--accounts', 'x']],
    ['a language we do not speak', ['status', '--language', 'fr']],
  ])('exits 2 for %s', async (_, argv) => {
    expect((await cli(argv)).code).toBe(2);
  });

  it('exits 0 for --help on every command', async () => {
    const session = ['login', 'logout', 'status'];
    const before = ['list', 'prepare', 'order', 'check'];
    const after = ['send', 'receipts', 'verify-log', 'summary'];
    for (const command of [...session, ...before, ...after])
      expect((await cli([command, '--help'])).code).toBe(0);
  });
});

describe('a directory that cannot be made', () => {
  // Node's own recursive mkdir never comes back from the first.
  it.each([
    ['below /proc', '/proc/none/here', 'ENOENT'],
    ['below a file', '/dev/null/none', 'EEXIST'],
    ['that is a file', '/dev/null', 'EEXIST'],
  ])('is refused with a sentence %s', async (_, path, reason) => {
    const there = (...words: string[]) => cli([...words, '--language', 'en'], '', path);
    const opened = await there('page', '--no-open');
    expect(opened).toMatchObject({ code: 1, lines: [{ event: 'error', code: reason }] });
    expect(opened.said).toContain(`The directory cannot be written (${reason})`);
    const { said } = await there('check');
    expect(said).toContain(`Directory ${path} cannot be written (${reason})`);
  });
});

describe('what people read', () => {
  it('has instants in Italian time, and programs have them in UTC', async () => {
    const { said, lines } = await cli(
      ['login', '--email', 'a@example.org', '--password-stdin'],
      `${PASSWORD}\n`,
    );
    expect(said).toMatch(/valido fino a \p{L}+ \d+ \p{L}+ \d{4}, ore [\d:]+ \(ora di Roma\)/u);
    expect(lines[0]?.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const listed = await cli(['list', '--language', 'en']);
    expect(listed.said).toMatch(/opens \w+ \d+ \w+ \d{4}, [\d:.]+ \(Rome time\)/);
    expect(listed.said).not.toMatch(/\dT\d/);
  });
});

describe('list and prepare', () => {
  it('groups every application by click day, over all pages', async () => {
    await login();
    const { lines, said } = await cli(['list']);
    expect(lines.map(({ id }) => id)).toEqual([...ids, OTHER_DAY, DRAFT]);
    expect(said).toMatch(/2011-01-31[\s\S]*2011-02-02[\s\S]*Senza click day/);
  });

  it('selects what is due on the day, and asks which day when there are several', async () => {
    await login();
    expect(await cli(['prepare'])).toMatchObject({ code: 2, lines: [{ code: 'chooseDay' }] });
    const { lines } = await cli(['prepare', '--click-day', DAY]);
    expect(lines).toMatchObject([{ event: 'prepared', clickDay: DAY, applications: ids }]);
    const kept = JSON.parse(readFileSync(join(directory, `prepared/${DAY}.json`), 'utf8'));
    expect(kept.passbooks).toEqual([portal.passbooks[0]]);
  });

  it('refuses a day that is not in the calendar', async () => {
    await login();
    const ran = await cli(['prepare', '--click-day', '1999-01-01']);
    expect(ran).toMatchObject({ code: 1, lines: [{ code: 'unknownDay' }] });
  });
});

describe('check', () => {
  const lights = ({ lines }: Ran) =>
    Object.fromEntries(lines.map(({ check, light }) => [check, light]));

  it('is green when everything is ready', async () => {
    await prepared();
    const ran = await cli(['check']);
    expect(ran.code).toBe(0);
    expect(lights(ran)).toEqual({
      ...{ disk: 'green', portal: 'green', session: 'green' },
      ...{ prepared: 'green', gate: 'green', clock: 'green' },
    });
  });

  it('is red for a gate that cannot be reached, and says what to do', async () => {
    await prepared();
    server.close();
    const ran = await cli(['check', '--language', 'en']);
    expect(ran.code).toBe(1);
    expect(lights(ran)).toMatchObject({ gate: 'red', clock: 'red', portal: 'green' });
    expect(ran.said).toContain('firewall');
  });

  it('is yellow, not red, for a dead portal once prepared', async () => {
    await prepared();
    portal.close();
    const ran = await cli(['check']);
    expect(ran.code).toBe(0);
    expect(lights(ran)).toMatchObject({ portal: 'yellow', gate: 'green' });
  });
});

describe('send and receipts', () => {
  it('submits after the opening without the portal, then tells the outcomes and the sum', async () => {
    await prepared();
    portal.close();
    const { code, lines, said } = await cli(['send', '--no-receipts']);
    expect(code).toBe(0);
    const accepted = lines.filter(({ event }) => event === 'accepted');
    expect(accepted.map((line) => line.application)).toEqual(ids);
    expect(accepted[0]).toMatchObject({
      protocol: `${DAY}/g1/000000001`,
      seq: 1,
      stamp: expect.any(String),
      uncertaintyUs: 0,
      latencyMs: expect.any(Number),
    });
    expect(accepted[0]!.sentAtUs).toBeGreaterThanOrEqual(opensAtUs);
    expect(lines.at(-1)).toMatchObject({
      ...{ event: 'summary', accepted: 3, rejectedByCode: {}, open: 0 },
      latencyMs: { p50: expect.any(Number), p99: expect.any(Number) },
    });
    expect(gate.arrivals[0]!.atUs).toBeGreaterThanOrEqual(opensAtUs);
    expect(said).toContain('Invio corretto');
  });

  it('sends nothing a second time, and says what the journal knows', async () => {
    await prepared();
    await cli(['send', '--no-receipts']);
    const again = await cli(['send', '--no-receipts']);
    expect(again.lines.at(-1)).toMatchObject({ accepted: 3, resumed: 3 });
    expect(gate.arrivals).toHaveLength(3);
    const { lines } = await cli(['status']);
    expect(lines).toContainEqual(expect.objectContaining({ clickDay: DAY, accepted: 3 }));
  });

  it('tells a duplicate that the outcome is that of the first time', async () => {
    await prepared();
    await cli(['send', '--no-receipts']);
    rmSync(join(directory, 'journal.ndjson'));
    const { code, said } = await cli(['send', '--no-receipts']);
    expect(code).toBe(0);
    expect(said).toContain('Già inviata: questo è l’esito della prima volta');
  });

  it('exits 1 and says how many are open when the time is over', async () => {
    await prepared();
    server.close();
    const { code, lines } = await cli(['send', '--time-limit', '0.3', '--no-receipts']);
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ event: 'summary', accepted: 0, open: 3 });
  });

  it('refuses to send what was not prepared', async () => {
    expect(await cli(['send', '--no-receipts'])).toMatchObject({
      code: 1,
      lines: [{ code: 'notPrepared' }],
    });
  });

  it('refuses to send beside another send that lives', async () => {
    await prepared();
    writeFileSync(join(directory, 'send.lock'), String(process.ppid));
    expect(await cli(['send', '--no-receipts'])).toMatchObject({
      code: 1,
      lines: [{ code: 'sendBusy' }],
    });
  });

  it('fetches receipts when they are ready and none twice', async () => {
    await prepared();
    await cli(['send', '--no-receipts']);
    portal.pendingCount = 1;
    const first = await cli(['receipts']);
    expect(first).toMatchObject({ code: 0 });
    expect(first.lines.at(-1)).toMatchObject({ event: 'summary', saved: 3, pending: 0, total: 3 });
    const path = join(directory, 'receipts', `${ids[0]}.pdf`);
    expect(readFileSync(path, 'latin1')).toContain('%PDF-');
    const asked = portal.requests.length;
    expect((await cli(['receipts'])).lines.at(-1)).toMatchObject({ saved: 3 });
    expect(portal.requests.length).toBe(asked);
  });

  it('exits 1 when receipts are still missing after the wait', async () => {
    await prepared();
    await cli(['send', '--no-receipts']);
    portal.pendingCount = 1_000_000;
    const { code, lines } = await cli(['receipts', '--wait', '0']);
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ saved: 0, pending: 3 });
  });
});

describe('many accounts in one process', () => {
  const fixture = (count: number) =>
    Array.from({ length: count }, (_, index) => {
      const applications = [1, 2].map((n) => `acc${index}-${n}`);
      const passbooks = [fakePassbook(applications, DAY, `acc${index}`)];
      return JSON.stringify({
        account: `acc${index}`,
        email: 'x',
        password: 'y',
        passbooks,
        applications,
      });
    }).join('\n');

  it('sends those of its shard, one connection an account', async () => {
    const file = join(directory, 'accounts.ndjson');
    writeFileSync(file, fixture(30));
    const argv = ['send', '--accounts', file, '--gate', server.url, '--connect-within', '0.1'];
    const [one, two] = await Promise.all([
      cli([...argv, '--shard', '1/2']),
      cli([...argv, '--shard', '2/2']),
    ]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(one.lines.at(-1)).toMatchObject({ event: 'summary', accepted: 30 });
    expect(one.lines).toContainEqual({ event: 'ready', connections: 15 });
    expect(gate.entries.size).toBe(60);
    expect(gate.hellos).toHaveLength(30);
  });

  it('names the line of the file that is bad', async () => {
    const file = join(directory, 'accounts.ndjson');
    writeFileSync(file, `${fixture(2)}\n{"account":1}\n`);
    const ran = await cli(['send', '--accounts', file, '--gate', server.url]);
    expect(ran).toMatchObject({ code: 1, lines: [{ code: 'accountsFileBad' }] });
    expect(ran.said).toContain('3');
  });

  it('refuses a gate address that is none', async () => {
    const file = join(directory, 'accounts.ndjson');
    writeFileSync(file, fixture(1));
    const ran = await cli(['send', '--accounts', file, '--gate', 'http://127.0.0.1']);
    expect(ran).toMatchObject({ code: 2, lines: [{ code: 'gateUrlBad' }] });
  });
});
