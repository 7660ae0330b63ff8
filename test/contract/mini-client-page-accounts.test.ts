/**
 * Several accounts on the local page, as an organisation has them: whose each application is, one
 * press for all, what goes wrong for one keeps no other from sending, and nothing is sent twice.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakePassbook } from '#test/support/fake-gate.ts';
import { application } from '#test/support/fake-portal.ts';
import {
  PAGE_DAY as DAY,
  PAGE_DRAFT as DRAFT,
  PAGE_IDS as ids,
  loginWords,
  openPageStage,
  type PageStage,
} from '#test/support/page-stage.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually } from '#test/support/processes.ts';
import { ClientDirectory } from '../../mini-client/node/directory.ts';
import type { PageProgram } from '../../mini-client/page/program.ts';

const OTHER = 'b@example.org';
const own = [1, 2].map((n) => `01J000000000000000000000C${n}`);
/** Seen by both, as members of one organisation see what is the organisation's. */
const [shared = ''] = ids;
const all = [...ids, ...own];
let stage: PageStage;

beforeEach(async () => {
  stage = await openPageStage();
  stage.portal.others.set(OTHER, {
    applications: [shared, ...own].map((id) => application(id, DAY)),
    passbooks: [fakePassbook([shared, ...own], DAY)],
  });
});

const folder = (...names: string[]) => new ClientDirectory(join(stage.directory, ...names));
const ofOther = () => folder('accounts', OTHER);

async function withBoth() {
  const started = await stage.loggedIn();
  const { program } = started;
  const words = loginWords(stage.portal, { email: OTHER });
  expect(await program.account.logIn(words)).toBeUndefined();
  await eventually('both are listed', PATIENCE_MS, () => program.model.state.counts.chosen === 5);
  await eventually('both prepared', PATIENCE_MS, () => ofOther().prepared().length > 0);
  await eventually('checked', PATIENCE_MS, () => {
    const { isRunning, lines } = program.model.state.checks;
    return !isRunning && lines.filter(({ id }) => id === 'prepared').length === 2;
  });
  return started;
}

const reaches = (program: PageProgram, phase: string) =>
  eventually(phase, PATIENCE_MS, () => program.model.state.phase === phase);
const connected = (program: PageProgram) =>
  eventually('connected', PATIENCE_MS, () => program.model.state.connection.isUp);
const emails = (program: PageProgram) =>
  program.model.state.accounts.map(({ email, isLoggedIn }) => `${email} ${isLoggedIn}`);

describe('several accounts on the page', () => {
  it('have a folder each, and the page says whose each application is', async () => {
    const { program } = await withBoth();
    expect(emails(program)).toEqual(['a@example.org true', `${OTHER} true`]);
    expect([folder().session()?.email, ofOther().session()?.email]).toEqual([
      'a@example.org',
      OTHER,
    ]);
    expect(program.model.days[0]?.order).toEqual(all);
    const whose = all.map((id) => program.model.item(id)?.account);
    expect(whose).toEqual(['', '', '', OTHER, OTHER]);
    // What both see is prepared for the first one alone.
    const preparedOf = (one: ClientDirectory) =>
      one.prepared()[0]?.applications.map(({ id }) => id);
    expect([preparedOf(folder()), preparedOf(ofOther())]).toEqual([ids, own]);
  });

  it('are checked each, and what is well for the computer is said once', async () => {
    const { program } = await withBoth();
    const { lines } = program.model.state.checks;
    const of = (id: string) => lines.filter((line) => line.id === id).map(({ text }) => text);
    expect(of('session')).toEqual([
      expect.stringContaining('a@example.org'),
      expect.stringContaining(OTHER),
    ]);
    expect(of('prepared')).toEqual([
      expect.stringMatching(/^a@example\.org: /),
      expect.stringMatching(/^b@example\.org: /),
    ]);
    expect([of('disk'), of('gate'), of('clock')].map((texts) => texts.length)).toEqual([1, 1, 1]);
  });

  it('keep the order and what is left out, each its own', async () => {
    const { program } = await withBoth();
    const order = [ids[1]!, ids[0]!, ids[2]!, own[1]!, own[0]!];
    program.keepChoice(DAY, { order, left: [own[0]!] });
    expect(program.model.days[0]?.order).toEqual(order);
    await program.ready(DAY);
    const preparedOf = (one: ClientDirectory) =>
      one.prepared()[0]?.applications.map(({ id }) => id);
    expect(preparedOf(folder())).toEqual([ids[1], ids[0], ids[2]]);
    expect(preparedOf(ofOther())).toEqual([own[1]]);
  });
});

describe('the day of several accounts', () => {
  it('is one press: each sends over a connection of its own, and nothing twice', async () => {
    const { program } = await withBoth();
    expect(await program.ready(DAY)).toBeUndefined();
    await connected(program);
    expect(program.model.state.connection).toMatchObject({ up: 2, of: 2 });
    stage.openNow();
    await reaches(program, 'after');
    expect(program.model.state.counts).toMatchObject({ chosen: 5, accepted: 5, rejected: 0 });
    expect(stage.gate.arrivals).toHaveLength(5);
    expect([...stage.gate.entries.keys()].sort()).toEqual([...all].sort());
    const isThere = (id: string) =>
      existsSync((own.includes(id) ? ofOther() : folder()).receiptPath(id));
    await eventually('receipts of both', PATIENCE_MS, () => all.every(isThere));
    await eventually('shown', PATIENCE_MS, () => program.model.state.receipts.kept === 5);
    for (const id of all) expect(program.receiptAddress(id)).toMatch(/^\/file\//);
    const sheet = (await program.summaryAddress('csv')) ?? '';
    const bytes = program.tickets.read(sheet.split('/')[2] ?? '') ?? [];
    const rows = Buffer.from(bytes).toString('utf8').trim().split('\r\n').slice(1);
    expect(
      rows.map((row) => [row.split(',')[0], row.split(',')[1], row.split(',').at(-1)]),
    ).toEqual(
      all.map((id, at) => [String(at + 1), id, own.includes(id) ? OTHER : 'a@example.org']),
    );
  });

  it('goes on by itself for all of them in a program that is started again', async () => {
    const { program, interrupt } = await withBoth();
    await program.ready(DAY);
    await connected(program);
    interrupt.abort();
    await eventually('it has ended', PATIENCE_MS, () => !program.model.state.connection.isUp);
    const second = stage.start();
    await connected(second.program);
    stage.openNow();
    await reaches(second.program, 'after');
    expect([...stage.gate.entries.keys()].sort()).toEqual([...all].sort());
  });

  it('is not kept from one by the session of another that is over, and says so', async () => {
    const { program } = await withBoth();
    const { others } = stage.portal;
    others.set('c@example.org', others.get(OTHER)!);
    others.delete(OTHER);
    await program.refresh();
    expect(emails(program)).toEqual(['a@example.org true', `${OTHER} false`]);
    expect(await program.ready(DAY)).toBeUndefined();
    expect(program.model.state.notice?.text).toContain(`${OTHER}: `);
    await connected(program);
    stage.openNow();
    await reaches(program, 'after');
    // Its passbook was prepared before and is proof enough.
    expect([...stage.gate.entries.keys()].sort()).toEqual([...all].sort());
  });
});

describe('an account that is removed', () => {
  it('sends nothing, leaves its receipts on disk and is the same again when it is back', async () => {
    const { program } = await withBoth();
    await program.logOut(OTHER);
    expect(emails(program)).toEqual(['a@example.org true']);
    expect(program.model.days[0]?.order).toEqual(ids);
    expect([ofOther().session(), ofOther().prepared()]).toEqual([undefined, []]);
    await program.account.logIn(loginWords(stage.portal, { email: OTHER }));
    await eventually('both again', PATIENCE_MS, () => program.model.state.counts.chosen === 5);
    expect(existsSync(join(stage.directory, 'accounts', `${OTHER}-2`))).toBe(false);
  });

  it('may be the first one; the other stays where it is, and all is as with one', async () => {
    const { program } = await withBoth();
    await program.logOut('');
    expect(emails(program)).toEqual([`${OTHER} true`]);
    await program.refresh();
    const whose = [shared, ...own].map((id) => program.model.item(id)?.account);
    expect(whose).toEqual([OTHER, OTHER, OTHER]);
    expect(program.model.item(DRAFT)).toBeUndefined();
  });

  it('may be added by a code that is typed on the portal', async () => {
    const { program } = await stage.loggedIn();
    stage.portal.deviceEmail = OTHER;
    expect(await program.account.askCode(stage.portal.url)).toBeUndefined();
    stage.portal.device = 'approved';
    await eventually('there', PATIENCE_MS, () => emails(program).length === 2);
    expect(ofOther().session()?.email).toBe(OTHER);
    expect(folder().session()?.email).toBe('a@example.org');
  });
});
