/**
 * The program behind the local page, without a browser: a fake portal and a fake gate behind real
 * sockets, and what the page would be told of a day with all that can happen to a person.
 */
import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  PAGE_DAY as DAY,
  PAGE_DRAFT as DRAFT,
  PAGE_IDS as ids,
  listed,
  loginWords,
  openPageStage,
  type PageStage,
} from '#test/support/page-stage.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually } from '#test/support/processes.ts';
import { ClientDirectory } from '../../mini-client/node/directory.ts';
import { pause } from '../../mini-client/node/time.ts';
import type { PageProgram } from '../../mini-client/page/program.ts';
import type { Item, Phase } from '../../mini-client/page/state.ts';
import type { FakeGate } from '../support/fake-gate.ts';
import { application, type FakePortal, PASSWORD } from '../support/fake-portal.ts';

const LOGGED_IN = { email: 'a@example.org', isLoggedIn: true };
let stage: PageStage;
let portal: FakePortal;
let gate: FakeGate;

beforeEach(async () => {
  stage = await openPageStage();
  ({ portal, gate } = stage);
});

/** A response that a page would read, event by event. */
function follower(hear: (name: string, data: unknown) => void): ServerResponse {
  const write = (text: string) => {
    for (const [, name = '', data = ''] of text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)) {
      hear(name, JSON.parse(data));
    }
  };
  const ignore = () => undefined;
  return { write, writeHead: ignore, on: ignore, end: ignore, writableLength: 0 } as never;
}

const start = () => stage.start();
const loggedIn = () => stage.loggedIn();
const words = (totp = '') => loginWords(portal, { totp });
const prepared = () => new ClientDirectory(stage.directory).prepared()[0];
const reaches = (program: PageProgram, phase: Phase) =>
  eventually(phase, PATIENCE_MS, () => program.model.state.phase === phase);
const connected = (program: PageProgram) =>
  eventually('connected', PATIENCE_MS, () => program.model.state.connection.isUp);
const lineOf = (program: PageProgram, id: string) => program.model.item(id)?.line;

describe('log-in on the page', () => {
  it('asks for the code of the second step, and then the list comes by itself', async () => {
    portal.code = '123456';
    const { program } = start();
    expect(await program.account.logIn(words())).toMatchObject({ code: 'codeMissing' });
    expect(await program.account.logIn(words('000000'))).toMatchObject({
      code: 'SECOND_FACTOR_WRONG',
    });
    expect(await program.account.logIn(words('123456'))).toBeUndefined();
    await listed(program);
    expect(program.model.state).toMatchObject({ accounts: [LOGGED_IN], clickDay: DAY });
    expect(JSON.stringify(program.model.state)).not.toContain(PASSWORD);
  });
});

describe('log-in by code', () => {
  it('shows the code until the person has typed it on the portal', async () => {
    const { program } = start();
    expect(await program.account.askCode(portal.url)).toBeUndefined();
    const verificationUri = `${portal.url}/device`;
    expect(program.model.state.device).toEqual({ userCode: 'BCDF-GHJK', verificationUri });
    portal.device = 'approved';
    await listed(program);
    expect(program.model.state).toMatchObject({ device: null, accounts: [LOGGED_IN] });
  });

  it('ends when it is refused, and when the person changes their mind', async () => {
    const { program } = start();
    await program.account.askCode(portal.url);
    portal.device = 'refused';
    await eventually('refused', PATIENCE_MS, () => program.model.state.notice !== null);
    expect(program.model.state).toMatchObject({ device: null, accounts: [] });
    await program.account.askCode(portal.url);
    program.account.cancelCode();
    expect(program.model.state.device).toBeNull();
    // Of the two that asked, the one that was called off has asked no more.
    portal.device = 'approved';
    portal.requests.length = 0;
    await program.account.askCode(portal.url);
    await listed(program);
    const asked = portal.requests.filter((one) => one === 'POST /api/device-codes/session');
    expect(asked).toHaveLength(1);
  });
});

describe('a session that is over', () => {
  it('brings the form back, and the list comes again after it', async () => {
    const { program } = await loggedIn();
    portal.isSessionGood = false;
    expect(await program.refresh()).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(program.model.state).toMatchObject({
      accounts: [{ ...LOGGED_IN, isLoggedIn: false }],
      notice: { isGrave: false },
    });
    portal.isSessionGood = true;
    await program.account.logIn(words());
    await listed(program);
    expect(program.model.state).toMatchObject({ accounts: [LOGGED_IN], notice: null });
  });
});

describe('the list', () => {
  it('has the due ones ticked, drafts apart, and keeps what the person chose', async () => {
    const { program } = await loggedIn();
    const [day, undated] = program.model.days;
    expect([day?.id, day?.order, undated?.id, undated?.order]).toEqual([DAY, ids, null, [DRAFT]]);
    expect([...ids, DRAFT].map((id) => lineOf(program, id)?.kind)).toEqual([
      'ready',
      'ready',
      'ready',
      'idle',
    ]);
    const order = [ids[2]!, ids[0]!, ids[1]!];
    program.keepChoice(DAY, { order: [...order, 'unknown'], left: [ids[0]!] });
    expect(program.model.state.counts.chosen).toBe(2);
    expect(await program.ready(DAY)).toBeUndefined();
    expect(prepared()?.applications.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    // Another start of the program, and the command line, know it as well.
    expect(new ClientDirectory(stage.directory).choice(DAY)).toEqual({ order, left: [ids[0]] });
  });

  it('is as it was prepared while the portal is away', async () => {
    const { interrupt } = await loggedIn();
    interrupt.abort();
    portal.close();
    const { program } = start();
    expect(program.model.days.map(({ id, order }) => [id, order])).toEqual([[DAY, ids]]);
    expect(await program.ready(DAY)).toBeUndefined();
    await connected(program);
    expect(program.model.state.notice?.text).toContain('si invia ciò che era già preparato');
  });
});

describe('the day', () => {
  it('goes from one press to the outcomes of all, each with what a person needs', async () => {
    const { program, phases } = await loggedIn();
    stage.trouble = (id, attempt) => {
      if (id === ids[1]) return { code: 'WRONG_CLICK_DAY' };
      return id === ids[2] && attempt === 1 ? { code: 'OVERLOADED', retryAfterMs: 30 } : undefined;
    };
    const told: Item[] = [];
    program.model.follow(
      follower((name, data) => {
        if (name === 'items') told.push(...(data as Item[]));
      }),
    );
    expect(await program.ready(DAY)).toBeUndefined();
    await connected(program);
    expect(gate.arrivals).toEqual([]);
    // Nothing else is done while frames may have to leave.
    expect(await program.summaryAddress('csv')).toBeUndefined();
    stage.openNow();
    await reaches(program, 'after');
    expect(phases).toEqual(['preparing', 'waiting', 'sending', 'after']);
    expect(program.model.state.counts).toMatchObject({ chosen: 3, accepted: 2, rejected: 1 });
    expect(lineOf(program, ids[0]!)).toMatchObject({
      kind: 'accepted',
      place: 1,
      protocol: `${DAY}/g1/000000001`,
    });
    const refused = lineOf(program, ids[1]!);
    expect(refused).toMatchObject({ kind: 'rejected', code: 'WRONG_CLICK_DAY' });
    expect(refused?.kind === 'rejected' && refused.text.it.length).toBeGreaterThan(20);
    expect(program.time.answer(1)?.source).toBe('gate');
    // The receipts are fetched without anybody.
    const path = (id: string) => new ClientDirectory(stage.directory).receiptPath(id);
    await eventually(
      'receipts',
      PATIENCE_MS,
      () => existsSync(path(ids[0]!)) && existsSync(path(ids[2]!)),
    );
    await eventually('shown', PATIENCE_MS, () => told.some(({ receipt }) => receipt !== undefined));
    expect(existsSync(path(ids[1]!))).toBe(false);
    expect(program.receiptAddress(ids[0]!)).toMatch(/^\/file\/[\w-]{43}\/\w+\.pdf$/);
    expect(program.receiptAddress('../session')).toBeUndefined();
    const sheet = (await program.summaryAddress('csv')) ?? '';
    const bytes = program.tickets.read(sheet.split('/')[2] ?? '');
    for (const id of ids) expect(Buffer.from(bytes ?? []).toString('utf8')).toContain(id);
    expect(await program.summaryAddress('pdf')).toMatch(/^\/file\/[\w-]{43}\/summary-.+\.pdf$/);
  });

  it('goes on by itself in a program that is started again', async () => {
    const { program, interrupt } = await loggedIn();
    await program.ready(DAY);
    await connected(program);
    interrupt.abort();
    await eventually('it has ended', PATIENCE_MS, () => !program.model.state.connection.isUp);
    const second = start();
    await connected(second.program);
    expect(second.phases).not.toContain('preparing');
    stage.openNow();
    await reaches(second.program, 'after');
    expect([...gate.entries.keys()]).toEqual(ids);
    // What is done is not begun once more.
    second.interrupt.abort();
    const third = start();
    await reaches(third.program, 'after');
    expect(gate.arrivals).toHaveLength(3);
    // What it knows from its directory is still there when the portal's list has come.
    const { model } = third.program;
    await eventually('the list is fresh', PATIENCE_MS, () => model.item(DRAFT) !== undefined);
    await eventually('receipts', PATIENCE_MS, () => model.state.receipts.kept === 3);
    expect(model.state).toMatchObject({ phase: 'after', counts: { accepted: 3, rejected: 0 } });
    expect(ids.filter((id) => model.item(id)?.receipt === undefined)).toEqual([]);
  });

  it('goes back to the list when the person says so, and then nothing is sent', async () => {
    const { program, interrupt } = await loggedIn();
    await program.ready(DAY);
    await connected(program);
    program.keepChoice(DAY, { order: [...ids].reverse(), left: [] });
    expect(program.model.days[0]?.order).toEqual(ids);
    program.back();
    await reaches(program, 'choose');
    stage.openNow();
    interrupt.abort();
    const { program: next } = start();
    await listed(next);
    expect([next.model.state.phase, gate.arrivals]).toEqual(['choose', []]);
  });

  it('says what stands in the way when nothing can be prepared', async () => {
    portal.applications = [application(DRAFT, null, 'draft')];
    const { program } = start();
    await program.account.logIn(words());
    expect(await program.ready(DAY)).toMatchObject({ code: 'nothingReady' });
    expect(program.model.state.phase).toBe('choose');
  });
});

describe('what a follower is told', () => {
  it('is everything once, then what changed, a burst in one event', async () => {
    const { program } = await loggedIn();
    const events: [string, unknown][] = [];
    let writes = 0;
    const page = follower((name, data) => events.push([name, data]));
    const write = page.write.bind(page);
    page.write = (text: string) => {
      writes += 1;
      return write(text);
    };
    program.model.follow(page);
    expect(events.map(([name]) => name)).toEqual(['list', 'state']);
    expect(events[0]).toMatchObject(['list', { items: { length: 4 } }]);
    await pause(250);
    events.length = 0;
    writes = 0;
    for (let n = 0; n < 500; n += 1) {
      for (const id of ids) program.model.changeLine(id, { kind: n % 2 === 0 ? 'sent' : 'ready' });
    }
    await eventually('told', PATIENCE_MS, () => events.some(([name]) => name === 'items'));
    const items = events.filter(([name]) => name === 'items').map(([, data]) => data as Item[]);
    expect(items.map((list) => list.map(({ id, line }) => [id, line.kind]))).toEqual([
      ids.map((id) => [id, 'ready']),
    ]);
    expect(writes).toBe(1);
  });
});
