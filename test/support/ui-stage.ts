/**
 * A portal with everything there is to look at: an account of every role, applications in every
 * state, an organisation, notices, mails, places in a ranking. The portal is real and serves the
 * built application; it runs in this process, and its clock stands an hour before the opening.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createStaffAccount } from '#engine/portal/index.ts';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import type { ArticleList } from '#protocol/helpdesk-api.ts';
import type { ImportView } from '#protocol/imports-api.ts';
import type { MembersAnswer } from '#protocol/organisations-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { memberOf, organisationOf } from '#test/contract/organisation-world.ts';
import {
  type Caller,
  HOUR_US,
  openWorld,
  registrationOf,
  START_US,
  type World,
  type WorldOptions,
} from '#test/contract/portal-world.ts';
import { fillDesk } from '#test/support/desk-stage.ts';
import { sampleSheet, sheetBytes, uploadOf } from '#test/support/import-sheets.ts';
import { applicationId, entryOf } from '#test/support/register-entries.ts';
import { asksThrice, deskTells } from '#test/support/ui-helpdesk.ts';

/** Who may sit before the screen, those who may less before; `nobody` is not logged in. */
export const ROLES = [
  ...['nobody', 'applicant', 'administrator', 'reader', 'operator', 'admin', 'office'],
] as const;
const STAFF = ['admin', 'operator', 'office'] as const;
const OFFICE = 'RM';
const PASSWORD = 'la mia parola segreta';
const PLACES = 60;
const CHECK_LOOKS_MAX = 1200;
const CHECK_LOOK_MS = 50;
const PRACTICE = {
  kind: 'always',
  rest: { beforeUs: 2 * HOUR_US, afterUs: 24 * HOUR_US },
} as const;

export interface UiStage {
  readonly world: World;
  readonly origin: string;
  /** What each role logs in with. */
  readonly people: ReadonlyMap<string, { readonly email: string; readonly password: string }>;
  /** Identifiers for the addresses of pages, by what they name. */
  readonly named: Readonly<
    Record<
      | 'applications'
      | 'articles'
      | 'deskTickets'
      | 'imports'
      | 'incidents'
      | 'mails'
      | 'members'
      | 'notices'
      | 'tickets',
      readonly string[]
    >
  > & { readonly rehearsal: string };
  readonly clickDay: string;
}

export async function openUiStage(options: WorldOptions = {}): Promise<UiStage> {
  const built = options.uiDirectory ?? (await ensureUiBuilt({ log: { info: () => {} } }));
  const world = await openWorld({ practice: PRACTICE, ...options, uiDirectory: built });
  const [account] = await world.fixture({ accounts: 1, applications: 5 });
  if (account === undefined) throw new Error('no account');
  await world.nobody.call('POST', '/api/registrations', registrationOf('nuova@example.it'));
  await world.mail.settle();
  const people = new Map([['applicant', { email: account.email, password: account.password }]]);
  for (const role of STAFF) people.set(role, await staffOf(world, role));
  const organisation = organisationOf(world, 'Patronato dei Lavoratori');
  for (const role of ['administrator', 'reader'] as const) {
    const email = `${role}@patronato.example`;
    await memberOf(world, organisation, { email, role });
    people.set(role, { email, password: PASSWORD });
  }
  await advanceApplications(world, account);
  const shared = await sharedDraft(world, people.get('administrator'));
  const clickDay = world.portal.calendar.all()[0]?.id ?? '';
  await world.register(placesOf(clickDay));
  const named = {
    applications: [...account.applications, shared],
    imports: [await importWithFaults(await callerOf(world, people, 'administrator'))],
    members: await otherMembers(await callerOf(world, people, 'administrator')),
    mails: world.mail.list({ limit: 1 }).map(({ id }) => id),
    notices: await writeNotices(world, people.get('admin')),
    ...(await askForHelp(world, people)),
    deskTickets: await fillDesk(
      await world.person(account.email, account.password),
      await world.person(people.get('operator')?.email ?? '', PASSWORD),
    ),
    rehearsal: await openRehearsal(world, people.get('admin')),
  };
  return { world, origin: world.address, people, named, clickDay };
}

async function staffOf(world: World, role: (typeof STAFF)[number]) {
  const { database, clock, address: publicUrl } = world;
  const email = `${role}@clickday.example`;
  const office = role === 'office' ? OFFICE : undefined;
  const { link } = createStaffAccount(
    { database, clock, random: world.random, publicUrl },
    { email, role, office },
  );
  const token = new URL(link).searchParams.get('token');
  await world.nobody.call('POST', '/api/setup', { token, password: PASSWORD });
  return { email, password: PASSWORD };
}

/**
 * Of five ready applications: one back to draft, one begun, one sent, one with its receipt. The
 * latter two go to the office that somebody sits in.
 */
async function advanceApplications(
  world: World,
  account: { email: string; password: string; applications: readonly string[] },
): Promise<void> {
  const [draft, , sent, received] = account.applications as [string, string, string, string];
  const caller = await world.person(account.email, account.password);
  await caller.call('DELETE', `/api/applications/${draft}/ready`);
  await caller.call('POST', '/api/applications', { model: 'A' });
  const { build, run } = world.database;
  const office = build.updateTable('applications').set({ office: OFFICE });
  run(office.where('id', 'in', [sent, received]));
  const rows = [sent, received].map((id, index) => submittedRow(world, id, index + 1));
  world.portal.submissions.markSubmitted(rows, '2');
  world.receipts.set(received, Buffer.from('%PDF-1.7\n'));
  world.portal.submissions.markReceipts([received], world.clock.nowUs());
}

/** A draft of the organisation, which its reader reads. */
async function sharedDraft(
  world: World,
  head: { email: string; password: string } | undefined,
): Promise<string> {
  const caller = await world.person(head?.email ?? '', head?.password ?? '');
  const { body } = await caller.call<{ id: string }>('POST', '/api/applications', { model: 'B' });
  return body.id;
}

function submittedRow({ database, clock }: World, application: string, seq: number) {
  const query = database.build.selectFrom('applications').selectAll();
  const row = database.first(query.where('id', '=', application));
  return {
    ...{ application, digest: row?.digest ?? '', gate: 'g1', seq, place: seq },
    protocol: `${row?.click_day}/g1/${String(seq).padStart(9, '0')}`,
    stampUs: clock.nowUs() + seq,
    uncertaintyUs: 250,
  };
}

function placesOf(clickDay: string) {
  return Array.from({ length: PLACES }, (_, at) =>
    entryOf('g1', at + 1, {
      application: applicationId(at + 1),
      clickDay,
      model: at % 7 === 0 ? 'VA' : 'B',
      office: at % 3 === 0 ? 'MI' : 'RM',
      stampUs: START_US + HOUR_US + 700 * at,
    }),
  );
}

async function callerOf(world: World, people: UiStage['people'], role: string): Promise<Caller> {
  const { email = '', password = '' } = people.get(role) ?? {};
  return world.person(email, password);
}

/** A sheet that was checked and waits: some rows are right, some are not. */
async function importWithFaults(member: Caller): Promise<string> {
  const sheet = sampleSheet('B', 8, 'stage');
  for (const row of sheet.rows.slice(0, 2)) row.workerBirthDate = '31/02/1980';
  const { body, headers } = await uploadOf(await sheetBytes(sheet, 'csv'), 'domande.csv');
  const path = '/api/imports?model=B';
  const { body: sent } = await member.call<ImportView>('POST', path, body, headers);
  for (let looks = 0; looks < CHECK_LOOKS_MAX; looks += 1) {
    const { body: view } = await member.call<ImportView>('GET', `/api/imports/${sent.id}`);
    if (view.state !== 'checking') return view.id;
    await sleep(CHECK_LOOK_MS);
  }
  throw new Error('the sheet was not checked in time');
}

async function otherMembers(member: Caller): Promise<string[]> {
  const { body } = await member.call<MembersAnswer>('GET', '/api/organisation/members');
  return body.members.filter(({ role }) => role === 'reader').map(({ id }) => id);
}

/** Somebody's requests in every state, a problem that is known, an answer to read. */
async function askForHelp(world: World, people: UiStage['people']) {
  const operator = await callerOf(world, people, 'operator');
  const incidents = [await deskTells(operator)];
  const tickets = await asksThrice(await callerOf(world, people, 'applicant'), operator);
  const { body } = await world.nobody.call<ArticleList>('GET', '/api/articles');
  return { incidents, tickets, articles: body.articles.slice(0, 1).map(({ slug }) => slug) };
}

/** A window a week before the opening; where practice is not offered it is there all the same. */
async function openRehearsal(
  world: World,
  admin: { email: string; password: string } | undefined,
): Promise<string> {
  const caller = await world.person(admin?.email ?? '', admin?.password ?? '');
  const [opensAt, closesAt] = [2, 8].map((hours) =>
    isoFromUs(world.clock.nowUs() + 24 * hours * HOUR_US),
  );
  const window = { opensAt, closesAt };
  return (await caller.call<{ id: string }>('POST', '/api/admin/rehearsals', window)).body.id;
}

async function writeNotices(
  world: World,
  admin: { email: string; password: string } | undefined,
): Promise<string[]> {
  const caller = await world.person(admin?.email ?? '', admin?.password ?? '');
  const nowUs = world.clock.nowUs();
  const period = { from: isoFromUs(nowUs - HOUR_US), until: isoFromUs(nowUs + 24 * HOUR_US) };
  const texts = [
    ['warning', 'Sabato 5 febbraio il servizio si ferma dalle 2:00 alle 4:00 per manutenzione.'],
    ['info', 'Il programma di invio 1.2 è disponibile: aggiornalo prima del click day.'],
  ] as const;
  const ids: string[] = [];
  for (const [severity, it] of texts) {
    const en = severity === 'info' ? 'Version 1.2 of the program is out.' : 'We stop on Saturday.';
    const draft = { text: { it, en }, severity, ...period };
    const { body } = await caller.call<{ id: string }>('POST', '/api/admin/notices', draft);
    ids.push(body.id);
  }
  return ids;
}
