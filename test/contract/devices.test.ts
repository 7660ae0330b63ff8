/** Device codes: a real portal, and the mini-client's own `login --device` against it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '#mini-client/commands/context.ts';
import { deviceLogin } from '#mini-client/commands/device-login.ts';
import { ClientDirectory } from '#mini-client/node/directory.ts';
import { nodeTimers } from '#mini-client/node/time.ts';
import { Output } from '#mini-client/output.ts';
import type { DeviceCodes, DeviceView } from '#protocol/device-api.ts';
import type { Problem, SessionAnswer } from '#protocol/portal-api.ts';
import {
  applicant,
  type Caller,
  callerAt,
  openWorld,
  type World,
} from '#test/contract/portal-world.ts';

const SECOND_US = 1_000_000;
const WHAT = { program: 'Clickday mini-client', computer: 'ufficio-3' };

let world: World;
let anna: Caller;
beforeAll(async () => {
  world = await openWorld();
  anna = await applicant(world, 'anna@example.it');
});
afterAll(() => world.close());
beforeEach(() => world.clock.advance(601 * SECOND_US));

const ask = async () =>
  (await world.nobody.call<DeviceCodes>('POST', '/api/device-codes', WHAT)).body;
const fetchIt = ({ deviceCode }: { deviceCode: string }) =>
  world.nobody.call<SessionAnswer & Problem>('POST', '/api/device-codes/session', { deviceCode });
const find = (by: Caller, userCode: string) =>
  by.call<DeviceView & Problem>('POST', '/api/device-codes/find', { userCode });
const decide = (by: Caller, userCode: string, approve = true) =>
  by.call('POST', '/api/device-codes/decision', { userCode, approve });
const codeOf = ({ status, body }: { status: number; body: { code: string } }) => [
  status,
  body.code,
];

describe('a program', () => {
  it('gets a session of the account that approves it, once', async () => {
    const codes = await ask();
    expect(codes).toMatchObject({ interval: 5, expiresIn: 600 });
    expect(codes.verificationUri).toBe(`${world.address}/device`);
    expect(codes.userCode).toMatch(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
    expect(codeOf(await fetchIt(codes))).toEqual([400, 'DEVICE_PENDING']);
    const typed = codes.userCode.toLowerCase().replace('-', ' ');
    const view = await find(anna, ` ${typed} `);
    expect(view.body).toMatchObject({ ...WHAT, address: '127.0.0.1', isSameAddress: true });
    expect((await decide(anna, codes.userCode)).status).toBe(204);
    world.clock.advance(5 * SECOND_US);
    const { body } = await fetchIt(codes);
    expect(body.account.email).toBe('anna@example.it');
    const bearer = callerAt(world.address, { authorization: `Bearer ${body.token}` });
    expect((await bearer.call('GET', '/api/applications')).status).toBe(200);
    world.clock.advance(5 * SECOND_US);
    expect(codeOf(await fetchIt(codes))).toEqual([410, 'DEVICE_EXPIRED']);
  });

  it('that asks too often has to wait five seconds longer each time', async () => {
    const codes = await ask();
    expect((await fetchIt(codes)).body.code).toBe('DEVICE_PENDING');
    world.clock.advance(4.9 * SECOND_US);
    const early = await fetchIt(codes);
    expect(codeOf(early)).toEqual([400, 'DEVICE_SLOW_DOWN']);
    expect(early.headers.get('retry-after')).toBe('10');
    world.clock.advance(9.9 * SECOND_US);
    expect((await fetchIt(codes)).body.code).toBe('DEVICE_SLOW_DOWN');
    world.clock.advance(15 * SECOND_US);
    expect((await fetchIt(codes)).body.code).toBe('DEVICE_PENDING');
  });

  it('that was refused hears so, once', async () => {
    const codes = await ask();
    await decide(anna, codes.userCode, false);
    expect(codeOf(await fetchIt(codes))).toEqual([403, 'DEVICE_REFUSED']);
    world.clock.advance(5 * SECOND_US);
    expect(codeOf(await fetchIt(codes))).toEqual([410, 'DEVICE_EXPIRED']);
  });

  it('comes too late after ten minutes, approved or not', async () => {
    const [slow, slower] = [await ask(), await ask()];
    await decide(anna, slow.userCode);
    world.clock.advance(600 * SECOND_US - 1);
    expect((await find(anna, slower.userCode)).status).toBe(200);
    world.clock.advance(1);
    expect(codeOf(await fetchIt(slow))).toEqual([410, 'DEVICE_EXPIRED']);
    expect(codeOf(await find(anna, slower.userCode))).toEqual([404, 'DEVICE_CODE_UNKNOWN']);
    expect((await decide(anna, slower.userCode)).status).toBe(404);
  });

  it('gets nothing for a code that is not its own', async () => {
    const codes = await ask();
    await decide(anna, codes.userCode);
    const other = `${codes.deviceCode.slice(0, -1)}${codes.deviceCode.endsWith('A') ? 'B' : 'A'}`;
    for (const deviceCode of [other, codes.userCode, 'x']) {
      expect(codeOf(await fetchIt({ deviceCode }))).toEqual([410, 'DEVICE_EXPIRED']);
    }
    const { build } = world.database;
    const kept = JSON.stringify(world.database.all(build.selectFrom('sessions').selectAll()));
    expect(kept).not.toContain(codes.deviceCode);
  });
});

describe('a person', () => {
  it('decides once: nobody can approve afterwards what was refused or approved', async () => {
    const bruno = await applicant(world, 'bruno@example.it');
    for (const approve of [true, false]) {
      const codes = await ask();
      await decide(anna, codes.userCode, approve);
      expect((await find(bruno, codes.userCode)).status).toBe(404);
      expect((await decide(bruno, codes.userCode)).status).toBe(404);
    }
  });

  it('decides in a browser, as an applicant: a program, staff and nobody cannot', async () => {
    const { userCode } = await ask();
    const bearer = await world.bearer('anna@example.it', 'la mia parola segreta');
    const admin = await world.administrator();
    const callers: [Caller, number][] = [
      [bearer, 403],
      [admin, 403],
      [world.nobody, 401],
    ];
    for (const [caller, status] of callers) {
      expect((await find(caller, userCode)).status).toBe(status);
      expect((await decide(caller, userCode)).status).toBe(status);
    }
    expect((await find(anna, userCode)).status).toBe(200);
  });

  it('cannot try codes for ever, and no address can ask for codes for ever', async () => {
    const limits = { deviceTriesPerMinutePerAccount: 2, deviceCodesPerMinutePerAddress: 2 };
    const strict = await openWorld({ limits });
    const guesser = await applicant(strict, 'guesser@example.it');
    const tries = [];
    for (const code of ['BBBB-BBBB', 'nonsense', 'BBBB-BBBD'])
      tries.push(await find(guesser, code));
    expect(tries.map(({ status }) => status)).toEqual([404, 404, 429]);
    const asked = [];
    for (let count = 0; count < 3; count += 1) {
      asked.push(await strict.nobody.call('POST', '/api/device-codes', WHAT));
    }
    expect(asked.map(({ status }) => status)).toEqual([201, 201, 429]);
    await strict.close();
  });
});

describe('mini-client login --device', () => {
  /** Runs the command; `step` is what happens in each pause. */
  async function run(step: (code: string, count: number) => Promise<unknown>) {
    const path = mkdtempSync(join(tmpdir(), 'clickday-device-'));
    const lines: string[] = [];
    const said: string[] = [];
    const interrupted = new AbortController();
    const pauses: number[] = [];
    const directory = new ClientDirectory(path);
    const output = new Output({
      ...{ isJson: true, language: 'en', timers: nodeTimers },
      stdout: { write: (text) => lines.push(...text.trim().split('\n')) },
      stderr: { write: (text) => said.push(text) },
    });
    const context = {
      ...{ output, directory, language: 'en', portalUrl: world.address, fetch },
      ...{ clock: world.clock, interrupted: interrupted.signal },
      pause: async (ms: number) => {
        pauses.push(ms);
        world.clock.advance(ms * 1000);
        output.flush();
        await step(JSON.parse(lines[0] ?? '{}').userCode, pauses.length);
      },
    } as Partial<CommandContext> as CommandContext;
    const ended = await deviceLogin(context).catch((error: unknown) => error);
    output.flush();
    const session = directory.session();
    rmSync(path, { recursive: true });
    return { ended, lines: lines.map((line) => JSON.parse(line)), said, pauses, session };
  }

  it('shows the code, waits, and keeps the session of who approved', async () => {
    const ran = await run(async (code, count) => count === 2 && decide(anna, code));
    expect(ran.ended).toBe(0);
    expect(ran.lines).toMatchObject([
      { event: 'device-code', verificationUri: `${world.address}/device`, interval: 5 },
      { event: 'logged-in', email: 'anna@example.it' },
    ]);
    expect(ran.said[0]).toContain(ran.lines[0].userCode);
    expect(ran.pauses).toEqual([5000, 5000]);
    const { token = '', portal = '' } = ran.session ?? {};
    const bearer = callerAt(portal, { authorization: `Bearer ${token}` });
    expect((await bearer.call('GET', '/api/session')).status).toBe(200);
    expect(JSON.stringify(ran.lines)).not.toContain(token);
  });

  it('ends with the reason when it is refused, and when nobody decides', async () => {
    const refused = await run((code) => decide(anna, code, false));
    expect(refused.ended).toMatchObject({ code: 'DEVICE_REFUSED' });
    const forgotten = await run(async () => undefined);
    expect(forgotten.ended).toMatchObject({ code: 'DEVICE_EXPIRED' });
    expect(forgotten.pauses).toHaveLength(120);
    expect([refused.session, forgotten.session]).toEqual([undefined, undefined]);
  });
});
