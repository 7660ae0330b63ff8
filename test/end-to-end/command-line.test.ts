/**
 * The command line as scripts rely on it: exit status 0 done, 1 refused, 2 wrong usage; standard
 * output for programs, a sentence without a stack trace on standard error for people.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSystem } from '#bench/system.ts';
import { configKeys, environmentName } from '#engine/config.ts';
import { ForeignClient } from '#test/support/foreign-client.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import {
  type CommandResult,
  clickday,
  clickdayOk,
  eventually,
  type FixtureAccount,
  fixture,
  type RunningSystem,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
} from '#test/support/system.ts';

const COMMANDS = [
  [],
  ['start'],
  ['process'],
  ['fixture'],
  ['verify'],
  ['export'],
  ['rank'],
  ['import-history'],
  ['rehearsal'],
  ['backup'],
  ['restore'],
  ['simulate'],
  ['user'],
  ['user', 'add'],
  ['conformance'],
  ['conformance-client'],
  ['receipt'],
  ['receipt', 'verify'],
  ['log-key'],
  ['log-key', 'add'],
  ['log-key', 'retire'],
  ['log-key', 'revoke'],
  ['witness'],
  ['seal-key'],
  ['seal-key', 'list'],
  ['seal-key', 'add'],
  ['seal-key', 'retire'],
  ['seal-key', 'revoke'],
  ['models'],
  ['models', 'list'],
  ['models', 'plan'],
  ['models', 'check'],
  ['config'],
];

const FIXTURE = ['fixture', '--out', '/dev/null', '--accounts', '1'];
const USER = ['user', 'add', '--email', 'a@example.org'];

/** Words that are wrong, and what the sentence must name. */
const WRONG: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /^Usage: clickday/],
  [['nope'], /unknown command 'nope'/],
  [['user', 'nope'], /unknown command 'nope'/],
  [['process', 'nope'], /'nope' is invalid .* Allowed choices are gate, portal/],
  [['start', '--nope'], /unknown option '--nope'/],
  [['start', 'extra'], /too many arguments/],
  [['start', '--gate', '127.0.0.1'], /CLICKDAY_GATE \(--gate\) must be HOST:PORT/],
  [['start', '--portal', '127.0.0.1:65536'], /CLICKDAY_PORTAL \(--portal\) must be HOST:PORT/],
  [['export'], /required option '--what <kind>'/],
  [['export', '--what', 'nope'], /--what must be one of ledger, register/],
  [['export', '--what', 'ledger', '--format', 'xml'], /--format must be ndjson or csv/],
  [[...FIXTURE, '--applications', 'many'], /"many" is not a whole number above 0/],
  [[...FIXTURE, '--applications', '1'], /name the opening: --opens-in SECONDS or --opens-at/],
  [[...FIXTURE, '--applications', '1', '--opens-at', 'noon'], /"noon" is no instant/],
  [['backup'], /required option '--to <dir>'/],
  [['restore'], /required option '--from <dir>'/],
  [['rehearsal', '--clients', '0'], /"0" is not a whole number above 0/],
  [['simulate', '--runs', 'many'], /"many" is not a whole number above 0/],
  [['simulate', '--mutant', 'nope'], /there is no mutant "nope"; there are /],
  [[...USER, '--role', 'boss'], /'boss' is invalid/],
  [['witness'], /name their verifier keys with --log/],
  [['witness', '--log', 'nope'], /"nope" is no verifier key of a log/],
  [['witness', '--logs', 'nope.txt'], /--logs: nope.txt cannot be read/],
  [['witness', '--listen', '8082'], /--listen must be HOST:PORT/],
];

function expectSentence(result: CommandResult, status: number, sentence: RegExp) {
  expect(result.stderr).toMatch(sentence);
  expect(result.stderr).not.toMatch(/^\s+at /m);
  expect(result).toMatchObject({ status, stdout: '' });
}

/** Two at a time, because that is what the smallest machine has. */
async function ranAll(
  lines: readonly (readonly string[])[],
  environment?: Readonly<Record<string, string>>,
): Promise<CommandResult[]> {
  const results: CommandResult[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    results.push(
      ...(await Promise.all(lines.slice(at, at + 2).map((words) => clickday(words, environment)))),
    );
  }
  return results;
}

describe('the command line', () => {
  it('explains every command with --help', async () => {
    const results = await ranAll(COMMANDS.map((words) => [...words, '--help']));
    for (const [index, words] of COMMANDS.entries()) {
      expect(results[index]).toMatchObject({ status: 0, stderr: '' });
      expect(results[index]?.stdout).toContain(['Usage: clickday', ...words].join(' '));
    }
    const listed = [...results[0]!.stdout.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(
      ([, name]) => name,
    );
    expect(listed).toEqual([...new Set(COMMANDS.flatMap(([name]) => name ?? [])), 'help']);
  });

  it('exits 2 with a sentence on wrong usage', async () => {
    const unused = { CLICKDAY_DATA: join(temporaryDirectory(), 'data') };
    const lines = WRONG.map(([words]) => words);
    const results = await ranAll(lines, unused);
    for (const [index, [, sentence]] of WRONG.entries()) {
      expectSentence(results[index]!, 2, sentence);
    }
  });

  it('prints every configuration key, the flag before the environment, no password', async () => {
    const { status, stdout } = await clickday(['config', '--json', '--gate-id', 'flagged'], {
      CLICKDAY_GATE_ID: 'from-environment',
      CLICKDAY_MAIL_FROM: 'from-environment@example.org',
      CLICKDAY_SMTP_URL: 'smtp://user:hidden@mail.example.org',
    });
    expect(status).toBe(0);
    const rows = parsed(stdout);
    expect(rows.map(({ key }) => key)).toEqual(configKeys.map(({ name }) => environmentName(name)));
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(['key', 'flag', 'unit', 'default', 'value', 'effect']);
    }
    const value = (name: string) => rows.find(({ key }) => key === name)?.value;
    expect(value('CLICKDAY_GATE_ID')).toBe('flagged');
    expect(value('CLICKDAY_MAIL_FROM')).toBe('from-environment@example.org');
    expect(stdout).not.toContain('hidden');
    expect(await clickday(['config'], { CLICKDAY_GATE_IDD: 'x' })).toMatchObject({ status: 2 });
  });
});

describe('data of a newer version', () => {
  it('are refused with a sentence by who reads and by who serves, and left alone', async () => {
    const data = join(temporaryDirectory(), 'data');
    mkdirSync(join(data, 'gates'), { recursive: true });
    writeFileSync(join(data, 'format'), '99\n');
    const results = await ranAll([
      ['verify', '--data', data],
      ['start', '--data', data, '--portal', '127.0.0.1:0', '--gate', '127.0.0.1:0'],
    ]);
    for (const result of results) {
      expectSentence(result, 1, /FORMAT_UNKNOWN: .* has format 99; this version of Clickday opens/);
    }
    expect(readdirSync(data).sort()).toEqual(['format', 'gates']);
  });
});

describe('start', () => {
  it('tells the set-up link of an empty directory and ends on SIGTERM', async () => {
    const environment = { NODE_OPTIONS: '' }; // from the sources, as `npm start` does
    const system = await runningSystem({ data: join(temporaryDirectory(), 'data'), environment });
    const link = () => /^ {2}(http:\S+\/setup\?token=[\w-]{20,})$/m.exec(system.stderr())?.[1];
    await eventually('the set-up link', PATIENCE_MS, () => link() !== undefined);
    expect(link()?.startsWith(`${system.portal}/`)).toBe(true);
    expect((await setUp(system, link()!)).status).toBe(200);
    const startedMs = performance.now();
    expect(await system.stop()).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    for (const pid of Object.values(system.pids)) expect(() => process.kill(pid, 0)).toThrow();
  });
});

describe('beside a running system', () => {
  let root: string;
  let data: string;
  let account: FixtureAccount;
  let system: RunningSystem;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'clickday-test-'));
    data = join(root, 'data');
    const words = ['--opens-in', '0'];
    const accounts = await fixture({ data, accounts: 1, applications: 3, words });
    account = accounts[0]!;
    const ports = ['--portal', '127.0.0.1:0', '--gate', '127.0.0.1:0'];
    system = await startSystem(['--data', data, ...ports], { CLICKDAY_NTP_SERVERS: '' });
    const client = await ForeignClient.connect(submissionsUrl(system));
    await client.hello(account.passbooks);
    await client.submit(account.applications);
    client.close();
  });

  afterAll(async () => {
    await system?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('refuses a second writer of the directory', async () => {
    const [made, gate] = await ranAll([
      [...FIXTURE, '--data', data, '--applications', '1', '--opens-in', '5'],
      ['start', '--roles', 'gate', '--data', data, '--gate', '127.0.0.1:0'],
    ]);
    expectSentence(made!, 1, /DIRECTORY_IN_USE/);
    expectSentence(gate!, 1, /DIRECTORY_IN_USE[\s\S]*g1 could not start/);
  });

  it('refuses a port that another program has', async () => {
    const port = (url: string | undefined) => new URL(url!.replace(/^ws/, 'http')).host;
    const other = (role: string) => ['--roles', role, '--data', join(root, `other-${role}`)];
    const [gate, portal] = await ranAll([
      ['start', ...other('gate'), '--gate', port(system.gate), '--ntp-servers', ''],
      ['start', ...other('portal'), '--portal', port(system.portal), '--ntp-servers', ''],
    ]);
    expectSentence(gate!, 1, /PORT_TAKEN[\s\S]*g1 could not start/);
    expectSentence(portal!, 1, /PORT_TAKEN[\s\S]*portal could not start/);
  });

  it('exports the ledger with its leaves, the same in both formats', async () => {
    const { rows, csv } = await exported('ledger');
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(rows.map(({ application }) => application)).toEqual(account.applications);
    for (const { entry, ...row } of rows) {
      const leaf = JSON.parse(Buffer.from(String(entry), 'base64').toString('utf8')) as object;
      expect(leaf).toEqual(row);
    }
    // A digest may begin with a minus, which a spreadsheet would take for a formula.
    const guarded = (row: object) =>
      Object.values(row).map((value) => String(value).replace(/^-/, "'-"));
    expect(csv.slice(1)).toEqual(rows.map((row) => guarded(row).join(',')));
  });

  it('exports register, applications and audit without personal data', async () => {
    await eventually('the register follows', PATIENCE_MS, async () => {
      const text = await clickdayOk(['export', '--what', 'register', '--data', data]);
      return parsed(text).length === 3;
    });
    const register = await exported('register');
    expect(register.rows.map(({ place }) => place)).toEqual([1, 2, 3]);
    expect(register.rows.map(({ application }) => application)).toEqual(account.applications);
    const applications = await exported('applications');
    const ids = applications.rows.map(({ id }) => id);
    expect(ids.toSorted()).toEqual(account.applications.toSorted());
    const audit = await exported('audit');
    expect(audit.rows.map(({ action }) => action)).toContain('account.staff-link');
    const all = JSON.stringify([register, applications, audit]);
    expect(all).not.toContain(account.email);
  });

  it('makes a staff account whose link stands on standard output alone, and works', async () => {
    const base = ['--role', 'operator', '--data', data, '--public-url', system.portal!];
    const made = await clickday(['user', 'add', '--email', 'desk@example.org', ...base]);
    expect(made.status).toBe(0);
    expect(made.stdout).toMatch(/^http:\S+\/setup\?token=[\w-]{20,}\n$/);
    expect(made.stderr).toContain('desk@example.org');
    expect(made.stderr).not.toContain('token=');
    expect((await setUp(system, made.stdout.trim())).status).toBe(200);
    const bad = await clickday(['user', 'add', '--email', 'no address', ...base]);
    expectSentence(bad, 1, /EMAIL_INVALID/);
  });

  /** Both formats of an export; `csv` is its lines, the first of them the names. */
  async function exported(what: string) {
    const words = ['export', '--what', what, '--data', data];
    const [json, csv] = await ranAll([words, [...words, '--format', 'csv']]);
    for (const { status, stderr } of [json!, csv!]) {
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
    const rows = parsed(json!.stdout);
    const lines = csv!.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(Object.keys(rows[0] ?? {}).join(','));
    expect(lines).toHaveLength(rows.length + 1);
    return { rows, csv: lines };
  }
});

function parsed(stdout: string): Readonly<Record<string, unknown>>[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

/** Opens a set-up link as its page does. */
function setUp(system: RunningSystem, link: string): Promise<Response> {
  const token = new URL(link).searchParams.get('token');
  return fetch(new URL('/api/setup', system.portal), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password: 'a long enough sentence' }),
  });
}
