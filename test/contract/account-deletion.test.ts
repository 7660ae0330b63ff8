/** Deleting an account: what goes, what stays, when, and who may ask. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FixtureLine } from '#engine/portal/index.ts';
import type { DeletionPlan } from '#protocol/accounts-api.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  type World,
} from '#test/contract/portal-world.ts';

const PASSWORD = 'la mia parola segreta';
const PATH = '/api/account/deletion';
const DAY_US = 24 * HOUR_US;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const ask = (caller: Caller, body: object = { password: PASSWORD }) =>
  caller.call<DeletionPlan & { code: string }>('POST', PATH, body);
const plan = async (caller: Caller) => (await caller.call<DeletionPlan>('GET', PATH)).body;
const words = (texts: { en: string }[]) => texts.map(({ en }) => en).join('\n');
const account = (id: string) =>
  world.database.first(
    world.database.build.selectFrom('accounts').selectAll().where('id', '=', id),
  );
const idOf = (email: string) =>
  world.database.first(
    world.database.build.selectFrom('accounts').select('id').where('email', '=', email),
  )?.id ?? '';
const applications = (id: string) =>
  world.database.all(
    world.database.build
      .selectFrom('applications')
      .select(['id', 'status'])
      .where('account', '=', id),
  );
const sweep = () => world.portal.sweep();

describe('asking', () => {
  it('says before what is erased and what is kept, and needs the password', async () => {
    const caller = await applicant(world, 'plan@example.it');
    await caller.call('POST', '/api/applications', { model: 'A' });
    const before = await plan(caller);
    expect(before).toMatchObject({ dueAt: null, days: 7, readyApplications: 0 });
    expect(words(before.erased)).toContain('never submitted (1)');
    expect(words(before.kept)).not.toContain('Submitted applications');
    expect((await ask(caller, { password: 'sbagliata' })).body.code).toBe('PASSWORD_WRONG');
    expect((await ask(world.nobody)).status).toBe(401);
    expect((await ask(await world.administrator(), { password: 'una parola lunga' })).status).toBe(
      403,
    );
    expect((await plan(caller)).dueAt).toBeNull();
  });

  it('ends other sessions, mails a link that keeps the account, and can be taken back', async () => {
    const caller = await applicant(world, 'second-thoughts@example.it');
    const other = await world.bearer('second-thoughts@example.it', PASSWORD);
    const asked = await ask(caller);
    expect([asked.status, asked.body.dueAt]).toEqual([202, '2011-01-24T07:00:00.000000Z']);
    expect((await other.call('GET', '/api/session')).status).toBe(401);
    expect((await caller.call('DELETE', PATH)).status).toBe(204);
    expect((await plan(caller)).dueAt).toBeNull();
    const keep = (token: string | undefined) =>
      world.nobody.call<{ email: string }>('POST', `${PATH}/keep`, { token });
    const tokenOf = async () =>
      /keep\?token=([\w-]+)/.exec(await world.letter('second-thoughts@example.it'))?.[1];
    expect((await keep(await tokenOf())).status).toBe(410);
    await ask(caller);
    expect((await keep(await tokenOf())).body.email).toBe('second-thoughts@example.it');
    expect((await plan(caller)).dueAt).toBeNull();
  });

  it('is refused to who alone manages an organisation, and to no other member', async () => {
    const caller = await applicant(world, 'manager@example.it');
    const second = await applicant(world, 'second@example.it');
    const { build, run } = world.database;
    const names = { name: 'Ente', kind: 'association', tax_code: '00743110157' };
    const founded = { ...names, created_at_us: 1 };
    run(build.insertInto('organisations').values({ id: 'ente', ...founded }));
    const join = (email: string, member_role: string) => {
      const values = { organisation: 'ente', member_role };
      run(build.updateTable('accounts').set(values).where('email', '=', email));
    };
    join('manager@example.it', 'administrator');
    join('second@example.it', 'sender');
    expect((await ask(caller)).body.code).toBe('LAST_ADMINISTRATOR');
    expect((await ask(second)).status).toBe(202);
    expect((await second.call('DELETE', PATH)).status).toBe(204);
    join('second@example.it', 'administrator');
    expect((await ask(caller)).status).toBe(202);
  });

  it('needs a confirmation while applications are ready for a day that is not over', async () => {
    const [line] = await world.fixture({ accounts: 1, applications: 2 });
    const { email, password } = line as FixtureLine;
    const caller = await world.person(email, password);
    expect((await plan(caller)).readyApplications).toBe(2);
    world.clock.advance(HOUR_US + 1);
    const refused = await ask(caller, { password });
    expect([refused.status, refused.body.code]).toEqual([409, 'READY_APPLICATIONS']);
    expect((await ask(caller, { password, evenReady: true })).status).toBe(202);
    await caller.call('DELETE', PATH);
    world.clock.advance(HOUR_US);
    const after = await world.person(email, password);
    expect((await ask(after, { password })).status).toBe(202);
    await after.call('DELETE', PATH);
    world.clock.advance(-2 * HOUR_US - 1);
  });
});

describe('when it is due', () => {
  it('erases an account that submitted nothing, its drafts and its mails, and not a day before', async () => {
    const email = 'goes@example.it';
    const caller = await applicant(world, email);
    await caller.call('POST', '/api/applications', { model: 'A' });
    const id = idOf(email);
    await ask(caller);
    await world.mail.settle();
    const mails = world.mail.list({ limit: 500 }).filter((row) => row.recipient === email);
    const files = mails.map((row) => join(world.directory.outbox, `${row.id}.eml`));
    expect(files.every(existsSync)).toBe(true);
    world.clock.advance(7 * DAY_US - 1);
    sweep();
    expect(account(id)?.email).toBe(email);
    world.clock.advance(1);
    sweep();
    expect(account(id)).toBeUndefined();
    expect(applications(id)).toEqual([]);
    expect(world.mail.list({ limit: 500 }).filter((row) => row.recipient === email)).toEqual([]);
    expect(files.some(existsSync)).toBe(false);
    await expect(world.person(email, PASSWORD)).rejects.toThrow('401');
    world.clock.advance(-7 * DAY_US);
  });

  it('keeps what was submitted behind a number without name, address or code', async () => {
    const [line] = await world.fixture({ accounts: 1, applications: 2 });
    const { account: id, email, password, applications: ids } = line as FixtureLine;
    const [submitted = '', ready = ''] = ids;
    const caller = await world.person(email, password);
    const draft = await caller.call<{ id: string }>('POST', '/api/applications', { model: 'A' });
    await ask(caller, { password, evenReady: true });
    setStatus(submitted, 'submitted');
    world.clock.advance(7 * DAY_US);
    sweep();
    expect(account(id)?.email).toBe(email);
    expect(applications(id).map((row) => row.id)).toEqual([submitted]);
    setStatus(submitted, 'receipt');
    sweep();
    expect(account(id)).toMatchObject({
      ...{ given_name: '', family_name: '', codice_fiscale: null, password_hash: null },
      email: `erased ${id}`,
    });
    const pages = world.database.build.selectFrom('pages').select('application');
    const left = (one: string) => world.database.all(pages.where('application', '=', one)).length;
    expect([left(submitted) > 0, left(ready), left(draft.body.id)]).toEqual([true, 0, 0]);
    expect((await caller.call('GET', '/api/session')).status).toBe(401);
    world.clock.advance(-7 * DAY_US);
  });

  it('leaves to an organisation what a member began for it, and takes the member out', async () => {
    const email = 'member@example.it';
    const caller = await applicant(world, email);
    const id = idOf(email);
    joinOrganisation(id);
    await caller.call('POST', '/api/applications', { model: 'A' });
    expect(words((await plan(caller)).kept)).toContain('that you began (1)');
    await ask(caller);
    world.clock.advance(7 * DAY_US);
    sweep();
    expect(applications(id)).toHaveLength(1);
    const left = { organisation: null, member_role: null, codice_fiscale: null };
    expect(account(id)).toMatchObject({ ...left, email: `erased ${id}` });
    world.clock.advance(-7 * DAY_US);
  });

  it('waits while a passbook in somebody’s hand may still submit', async () => {
    const [line] = await world.fixture({ accounts: 1, applications: 1 });
    const { account: id, email, password } = line as FixtureLine;
    const caller = await world.person(email, password);
    await ask(caller, { password, evenReady: true });
    closeDayAt(id, world.clock.nowUs() + 8 * DAY_US);
    world.clock.advance(8 * DAY_US);
    sweep();
    expect(applications(id)).toHaveLength(1);
    world.clock.advance(DAY_US);
    sweep();
    expect([applications(id), account(id)]).toEqual([[], undefined]);
    world.clock.advance(-9 * DAY_US);
  });
});

function setStatus(id: string, status: string): void {
  const { build, run } = world.database;
  run(build.updateTable('applications').set({ status }).where('id', '=', id));
}

function joinOrganisation(id: string): void {
  const { build, run } = world.database;
  const names = { id: 'ORG', name: 'Patronato', kind: 'patronato', tax_code: '12345678903' };
  run(build.insertInto('organisations').values({ ...names, created_at_us: 0 }));
  const member = { organisation: 'ORG', member_role: 'preparer' };
  run(build.updateTable('accounts').set(member).where('id', '=', id));
}

function closeDayAt(id: string, closesAtUs: number): void {
  const { build, run } = world.database;
  const days = build.selectFrom('applications').select('click_day').where('account', '=', id);
  run(build.updateTable('click_days').set({ closes_at_us: closesAtUs }).where('id', 'in', days));
}
