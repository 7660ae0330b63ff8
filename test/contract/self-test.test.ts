/**
 * The mini-client's self-test against a real portal and a real gate, in this process; each light is
 * seen failing, with what to do.
 */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { createGate, createRehearsalLedger, type Gate } from '#engine/gate/index.ts';
import { openLedgerReader, openLedgerWriter } from '#engine/ledger/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { type CheckResult, verdictOf } from '../../mini-client/core/index.ts';
import { certificateOf } from '../../mini-client/node/certificate.ts';
import { ClientDirectory } from '../../mini-client/node/directory.ts';
import { askNtp } from '../../mini-client/node/ntp.ts';
import { linuxPower, macPower, windowsPower } from '../../mini-client/node/power.ts';
import { nodeSelfTestHost } from '../../mini-client/node/self-test-host.ts';
import { openSocket } from '../../mini-client/node/socket.ts';
import { monotonicClock, nodeRandom, nodeTimers } from '../../mini-client/node/time.ts';
import { Portal } from '../../mini-client/portal.ts';
import {
  type SelfTestHost,
  type SelfTestParts,
  selfTest,
} from '../../mini-client/self-test/index.ts';
import { isNewer } from '../../mini-client/self-test/portal-checks.ts';
import { applicant, HOUR_US, openWorld, START_US, type World } from './portal-world.ts';

const REST = { beforeUs: 2 * HOUR_US, afterUs: 3 * HOUR_US };
const EMAIL = 'maria@example.org';

let world: World;
let gate: Gate;
let gateUrl: string;
let folder: string;
let token: string;
let timeServer: Socket;
let ntp: string;
/** What the time server says the time is off by. */
let ntpErrorUs = 0;

beforeAll(async () => {
  const limits = { practicePerMinutePerAccount: 1000 };
  world = await openWorld({ practice: { kind: 'always', rest: REST }, limits });
  await applicant(world, EMAIL);
  token = (await world.bearer(EMAIL, 'la mia parola segreta')).headers.authorization!.slice(7);
  folder = mkdtempSync(join(tmpdir(), 'self-test-'));
  await openGate();
  timeServer = createSocket('udp4', (question, from) => {
    timeServer.send(timeAnswer(question), from.port, from.address);
  });
  await new Promise<void>((resolve) => timeServer.bind(0, '127.0.0.1', () => resolve()));
  ntp = `127.0.0.1:${(timeServer.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await gate.close();
  await world.close();
  timeServer.close();
  rmSync(folder, { recursive: true });
});

async function openGate() {
  const { directory, clock } = world;
  const [ledgerPath, path] = [directory.ledger('g1'), directory.rehearsalLedger('g1')];
  mkdirSync(ledgerPath, { recursive: true });
  gate = createGate({
    ...{ gate: 'g1', clock, timers: systemTimers(), log: silentLog(), ledgerPath, origins: [] },
    ledger: openLedgerWriter({ path: ledgerPath, gate: 'g1' }),
    rehearsal: {
      rest: REST,
      ledger: createRehearsalLedger({
        ...{
          gate: 'g1',
          log: silentLog(),
          entriesMax: 1000,
          wipe: () => rmSync(path, { recursive: true, force: true }),
        },
        open: async () => {
          mkdirSync(path);
          return openLedgerWriter({ path, gate: 'g1' });
        },
      }),
    },
    notice: {
      ...{ calendar: directory.calendarNotice, portalKey: directory.keyNotice },
      kept: join(folder, 'kept.jws'),
    },
    onFatal: (error) => {
      throw error;
    },
  });
  const port = await gate.listen({ host: '127.0.0.1', port: 0 });
  gateUrl = `ws://127.0.0.1:${port}/v1/submissions`;
}

/** A server of stratum 1 that is right but for `ntpErrorUs`. */
function timeAnswer(question: Buffer): Buffer {
  const answer = Buffer.alloc(48);
  answer[0] = 0x24;
  answer[1] = 1;
  question.copy(answer, 24, 40, 48);
  const us = world.clock.nowUs() + ntpErrorUs;
  for (const at of [32, 40]) {
    answer.writeUInt32BE(Math.floor(us / 1e6) + 2_208_988_800, at);
    answer.writeUInt32BE(Math.floor(((us % 1e6) / 1e6) * 2 ** 32), at + 4);
  }
  return answer;
}

interface Change extends Partial<Omit<SelfTestParts, 'host' | 'portal'>> {
  readonly host?: Partial<SelfTestHost>;
  readonly portal?: Partial<Record<keyof SelfTestParts['portal'], (...given: never[]) => unknown>>;
  readonly token?: string;
}

/** The results by id; the last of a check that comes more than once. */
async function tested(change: Change = {}): Promise<Record<string, CheckResult>> {
  const directory = new ClientDirectory(join(folder, 'client'));
  const real = new Portal({
    url: world.address,
    language: 'en',
    fetch,
    token: change.token ?? token,
  });
  const own = nodeSelfTestHost({ directory, clock: monotonicClock, environment: {} });
  const host = { ...own, power: async () => ({ supply: 'mains' as const }), ...change.host };
  const { host: _h, portal: changed = {}, token: _t, ...rest } = change;
  const portal = new Proxy(real, {
    get: (target, name: keyof SelfTestParts['portal']) =>
      changed[name] ?? target[name].bind(target),
  });
  const heard: CheckResult[] = [];
  const results = await selfTest({
    ...{ language: 'en', portalUrl: world.address, gates: [gateUrl], ntpServers: [ntp] },
    ...{ openSocket, clock: monotonicClock, timers: nodeTimers, random: nodeRandom },
    wallNowUs: () => world.clock.nowUs(),
    onResult: (result) => heard.push(result),
    ...{ ...rest, portal, host },
  });
  expect(heard).toEqual(results);
  return Object.fromEntries(results.map((result) => [result.id, result]));
}

const lightsOf = (results: Record<string, CheckResult>) =>
  Object.fromEntries(Object.values(results).map(({ id, light }) => [id, light]));

describe('a self-test where all is well', () => {
  it('is green in every light, and has practised on the real gate', async () => {
    const results = await tested();
    expect(lightsOf(results)).toEqual({
      ...{ portal: 'green', session: 'green', build: 'green', tls: 'green', gate: 'green' },
      ...{ proxy: 'green', clock: 'green', ntp: 'green', disk: 'green', power: 'green' },
      ...{ practice: 'green', receipt: 'green' },
    });
    expect(verdictOf(Object.values(results))).toBe('green');
    expect(results.gate?.figures).toMatchObject({ exchanges: 16 });
    const protocol = String(results.practice?.figures?.protocol);
    const path = world.directory.rehearsalLedger('g1');
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(protocol).toBe(`PROVA-APERTA/g1/${String(reader.lastSeq()).padStart(9, '0')}`);
    await reader.close();
    const pdf = readFileSync(String(results.receipt?.figures?.path));
    expect(pdf.toString('latin1')).toContain('/ClickdayRehearsal true');
  });
});

describe('each light fails with what to do', () => {
  const refuse = (message: string) => async () => {
    throw new Error(message);
  };
  const red = { light: 'red', whatToDo: expect.any(String) };
  const yellow = { light: 'yellow', whatToDo: expect.any(String) };

  it.each<[string, Change, object]>([
    ['portal', { portal: { time: refuse('no answer') } }, { ...red, text: 'no answer' }],
    ['session', { token: 'nobody' }, red],
    [
      'build',
      {
        host: { build: { version: '0.9.0', target: 'linux-x64' } },
        portal: { downloads: async () => [{ target: 'linux-x64', version: '0.10.0' }] },
      },
      { ...yellow, figures: { version: '0.9.0', offered: '0.10.0' } },
    ],
    ['gate', { gates: ['ws://127.0.0.1:1/v1/submissions'] }, red],
    ['gate', { gates: [], portal: { gates: refuse('no answer') } }, red],
    ['proxy', { gates: ['ws://127.0.0.1:1/'], host: { proxies: () => ['HTTPS_PROXY=x'] } }, yellow],
    [
      'clock',
      { wallNowUs: () => START_US + 5_000_000 },
      { ...yellow, figures: { errorMs: expect.closeTo(5000, -2) } },
    ],
    ['ntp', { ntpServers: ['127.0.0.1:1'] }, yellow],
    [
      'ntp',
      { wallNowUs: () => START_US - 5_000_000 },
      { ...yellow, figures: { errorMs: expect.closeTo(-5000, -2) } },
    ],
    ['disk', { host: { disk: refuse('ENOSPC') } }, red],
    ['disk', { host: { disk: async () => ({ path: '/', freeBytes: 1e6, syncMs: 1 }) } }, red],
    ['disk', { host: { disk: async () => ({ path: '/', freeBytes: 1e8, syncMs: 1 }) } }, yellow],
    ['disk', { host: { disk: async () => ({ path: '/', freeBytes: 1e12, syncMs: 900 }) } }, yellow],
    ['power', { host: { power: async () => ({ supply: 'battery' }) } }, yellow],
    [
      'power',
      { host: { power: async () => ({ supply: 'mains', sleepsAfterMinutes: 15 }) } },
      yellow,
    ],
    ['practice', { portal: { practiceLine: refuse('REQUESTS_TOO_MANY') } }, red],
    ['receipt', { portal: { practiceReceipt: refuse('no') } }, red],
    ['receipt', { portal: { practiceReceipt: async () => Buffer.from('%PDF-1.7') } }, red],
  ])('%s %#', async (id, change, expected) => {
    const results = await tested(change);
    expect(results[id]).toMatchObject(expected);
    expect(verdictOf(Object.values(results))).not.toBe('green');
  });

  it.each<[string, number | undefined, string | undefined, string]>([
    ['a good certificate', 90, undefined, 'green'],
    ['one that expires soon', 5, undefined, 'yellow'],
    ['one of another name', 90, 'ERR_TLS_CERT_ALTNAME_INVALID', 'red'],
    ['no answer', undefined, undefined, 'red'],
  ])('tls: %s', async (_, days, trouble, light) => {
    const certificate = async () => {
      if (days === undefined) throw new Error('ECONNREFUSED');
      return { validToMs: START_US / 1000 + days * 86_400_000 + 1000, trouble };
    };
    const portalUrl = 'https://portal.example';
    const { tls } = await tested({
      ...{ portalUrl, gates: [], portal: { gates: async () => [] }, host: { certificate } },
    });
    expect(tls?.light).toBe(light);
  });

  it('practice, while it rests around a real opening: yellow, with when it goes on', async () => {
    const admin = await world.administrator();
    const opensAtUs = START_US + HOUR_US;
    await admin.call('POST', '/api/admin/click-days', {
      ...{ id: 'real', name: { it: 'Vero', en: 'Real' }, opensAt: isoFromUs(opensAtUs) },
      closesAt: isoFromUs(opensAtUs + 100 * HOUR_US),
    });
    const { practice, gate: greeted } = await tested();
    expect(practice).toMatchObject({ light: 'yellow', whatToDo: expect.any(String) });
    expect(practice?.text).toContain(isoFromUs(opensAtUs + REST.afterUs));
    // The gate was greeted with nothing to present, and its way measured all the same.
    expect(greeted?.light).toBe('green');
  });
});

describe('what this computer tells', () => {
  it('finds a time server that is wrong', async () => {
    ntpErrorUs = 7_000_000;
    const answer = await askNtp(ntp, monotonicClock);
    expect(answer?.serverSentAtUs).toBe(world.clock.nowUs() + ntpErrorUs);
    ntpErrorUs = 0;
  });

  it('looks at a certificate of a server, and says why it is not believed', async () => {
    const [key, cert] = ['key', 'cert'].map((name) => join(folder, `${name}.pem`)) as [
      string,
      string,
    ];
    const asked = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
    ];
    const files = ['-days', '9', '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...asked, ...files], { stdio: 'ignore' });
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const found = await certificateOf(`wss://localhost:${port}/v1/submissions`);
    expect(found.trouble).toContain('SELF_SIGNED');
    expect(found.validToMs).toBe(Date.parse(new X509Certificate(readFileSync(cert)).validTo));
    server.close();
    await expect(certificateOf(`https://127.0.0.1:${port}`)).rejects.toThrow('ECONNREFUSED');
  });

  it('reads the power supply of Linux', () => {
    const supplies = join(folder, 'power');
    expect(linuxPower(supplies)).toEqual({ supply: 'unknown' });
    const put = (name: string, files: Record<string, string>) => {
      mkdirSync(join(supplies, name), { recursive: true });
      for (const [file, text] of Object.entries(files))
        writeFileSync(join(supplies, name, file), text);
    };
    put('mouse', { type: 'Battery\n', scope: 'Device\n', status: 'Discharging\n' });
    expect(linuxPower(supplies)).toEqual({ supply: 'none' });
    put('BAT0', { type: 'Battery\n', status: 'Discharging\n' });
    put('AC', { type: 'Mains\n', online: '0\n' });
    expect(linuxPower(supplies)).toEqual({ supply: 'battery' });
    put('AC', { type: 'Mains\n', online: '1\n' });
    expect(linuxPower(supplies)).toEqual({ supply: 'mains' });
  });

  it('reads what macOS and Windows say', () => {
    const onBattery =
      "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t80%; discharging";
    expect(macPower(onBattery, ' sleep                10\n')).toEqual({
      ...{ supply: 'battery', sleepsAfterMinutes: 10 },
    });
    expect(macPower("Now drawing from 'AC Power'\n", ' sleep 0 (prevented)')).toEqual({
      ...{ supply: 'none', sleepsAfterMinutes: 0 },
    });
    const standby = [
      '    Possible Settings units: Seconds',
      '  Current AC Power Setting Index: 0x00000708',
      '  Current DC Power Setting Index: 0x00000384',
    ].join('\r\n');
    expect(windowsPower('1\r\nend\r\n', standby)).toEqual({
      ...{ supply: 'battery', sleepsAfterMinutes: 30 },
    });
    expect(windowsPower('end\r\n', undefined)).toEqual({ supply: 'none' });
    expect(windowsPower(undefined, undefined)).toEqual({ supply: 'unknown' });
  });

  it('knows which of two versions is newer', () => {
    expect([
      isNewer('0.10.0', '0.9.9'),
      isNewer('0.9.0', '0.9.0'),
      isNewer('1.0', '1.0.1'),
    ]).toEqual([true, false, false]);
  });
});
