/**
 * A real portal for tests: listening on a free port, a real SQLite file, mail as files; only time
 * is in the test's hand. `person` is a caller with a cookie, `bearer` one with a token.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ManualClock, manualClock, systemTimers } from '#engine/clock/index.ts';
import { type Log, silentLog } from '#engine/foundation/log.ts';
import { type Random, seededRandom } from '#engine/foundation/random.ts';
import { createMailRoom, type MailRoom } from '#engine/mail/index.ts';
import {
  createFixture,
  createPortal,
  createStaffAccount,
  type FixtureLine,
  type HelpdeskLimits,
  helpdeskLimits,
  loadOrCreateKey,
  type OpenIdConfig,
  openVault,
  type Portal,
  type PortalConfig,
  type PortalLimits,
  portalLimits,
} from '#engine/portal/index.ts';
import type { Models } from '#engine/portal/models/index.ts';
import { createRankings, openRegister, type RankingsParts } from '#engine/register/index.ts';
import { type Database, openDatabase } from '#engine/store/database/index.ts';
import { type DataDirectory, dataDirectory } from '#engine/store/index.ts';
import { type LedgerEntry, protocolNumber } from '#protocol/entry.ts';
import type { Problem, PublishedEntry, SessionAnswer } from '#protocol/portal-api.ts';
import { quotasOf } from '#protocol/ranking/quotas.ts';
import { usFromIso } from '#protocol/time.ts';
import { generousLimits } from '#test/support/generous-limits.ts';
import { models as shippedModels } from '#test/support/models.ts';
import { practiceParts } from './portal-practice.ts';

/** Two weeks before the first click day of 2011. */
export const START_US = usFromIso('2011-01-17T07:00:00.000000Z');
export const HOUR_US = 3_600_000_000;

/** `Body` is what the test expects; a problem when it does not say. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Caller {
  /** Sent with everything: what the caller is known by. */
  readonly headers: Readonly<Record<string, string>>;
  call<Body = Problem>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
}

export interface World {
  readonly address: string;
  readonly clock: ManualClock;
  readonly database: Database;
  readonly directory: DataDirectory;
  readonly mail: MailRoom;
  readonly random: Random;
  readonly portal: Portal;
  readonly receipts: Map<string, Uint8Array>;
  /** Published entries by protocol number. */
  readonly entries: Map<string, PublishedEntry>;
  /** Puts final entries into the register, and so into the ranking. */
  register(entries: readonly LedgerEntry[]): Promise<void>;
  /** A caller without a session. */
  readonly nobody: Caller;
  /** A caller with a cookie, logged in. */
  person(email: string, password: string): Promise<Caller>;
  bearer(email: string, password: string): Promise<Caller>;
  administrator(): Promise<Caller>;
  fixture(wish: { accounts: number; applications: number }): Promise<FixtureLine[]>;
  /** The text of the newest mail to an address. */
  letter(to: string): Promise<string>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly limits?: Partial<PortalLimits>;
  readonly helpdesk?: Partial<HelpdeskLimits>;
  readonly publicUrl?: string;
  readonly isStaffBoundToSecondFactor?: boolean;
  readonly smtpUrl?: string;
  /** Mails that may wait. */
  readonly mailQueuedMax?: number;
  /** Mail to the help desk. */
  readonly mailbox?: PortalConfig['mailbox'];
  /** The built web application; default none. */
  readonly uiDirectory?: string;
  /** Where builds of the mini-client lie. */
  readonly downloads?: string;
  /** The provider that people may log in through. */
  readonly openId?: OpenIdConfig;
  readonly practice?: PortalConfig['practice'];
  readonly log?: Log;
  /** The call; the one that ships when left out. */
  readonly models?: Models;
  readonly nowUs?: number;
}

/** Starts a portal in a new directory. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'clickday-portal-'));
  const directory = dataDirectory(root);
  const { models = shippedModels, nowUs = START_US } = options;
  const clock = manualClock({ nowUs, uncertaintyUs: 500 });
  const random = seededRandom('portal tests', clock);
  const parts = { clock, random, timers: systemTimers(), log: options.log ?? silentLog() };
  const database = openDatabase(directory.database);
  const mail = createMailRoom({
    ...parts,
    database,
    from: 'Clickday <no-reply@clickday.example>',
    outboxDirectory: directory.outbox,
    smtpUrl: options.smtpUrl,
    queuedMax: options.mailQueuedMax,
  });
  const key = loadOrCreateKey(directory.portalKey);
  const receipts = new Map<string, Uint8Array>();
  const entries = new Map<string, PublishedEntry>();
  const readEntry: RankingsParts['readEntry'] = (named) =>
    entries.get(protocolNumber(named)) ?? null;
  const register = openRegister(directory.register);
  const rankings = createRankings({
    ...{ ...parts, register, readEntry },
    quotas: (clickDay) => quotasOf(portal.calendar.byId(clickDay)?.rules ?? []),
  });
  const portal = await createPortal({
    ...parts,
    database,
    mail,
    key,
    vault: openVault(directory.accountsKey, random),
    models,
    config: {
      isBehindProxy: false,
      isStaffBoundToSecondFactor: options.isStaffBoundToSecondFactor ?? false,
      publicUrl: options.publicUrl,
      openId: options.openId,
      practice: options.practice,
      mailbox: options.mailbox,
      limits: { ...portalLimits, ...generousLimits, ...options.limits },
      helpdesk: { ...helpdeskLimits, ...options.helpdesk },
    },
    uiDirectory: options.uiDirectory ?? join(root, 'no-ui'),
    downloadsDirectory: options.downloads ?? join(root, 'downloads'),
    notice: directory,
    attachmentsDirectory: directory.attachments,
    incomingDirectory: directory.incoming,
    gates: () => ['ws://127.0.0.1:8081/v1/submissions'],
    status: () => ({
      register: { entries: 0, lastPlace: null },
      receipts: { made: 0, pending: 0, failed: [] },
      gates: [{ id: 'g1', health: 'ok' }],
    }),
    receiptCounts: () => ({ made: receipts.size, pending: 0, failed: 0 }),
    readReceipt: async (application) => receipts.get(application) ?? null,
    readEntry,
    ...practiceParts(directory),
    rankings,
    verificationKeys: () => ({ seals: [], logs: [] }),
  });
  const { address } = await portal.listen({ host: '127.0.0.1', port: 0 });
  const nobody = callerAt(address, {});
  return {
    address,
    clock,
    database,
    directory,
    mail,
    random,
    portal,
    receipts,
    entries,
    register: async (added) => {
      await register.append(added);
      while (rankings.step());
    },
    nobody,
    person: (email, password) => logIn(address, { email, password }),
    bearer: (email, password) => logIn(address, { email, password, kind: 'bearer' }),
    administrator: async () => {
      const staff = { email: 'admin@clickday.example', role: 'admin' } as const;
      const { link } = createStaffAccount({ database, clock, random, publicUrl: address }, staff);
      const token = new URL(link).searchParams.get('token');
      await nobody.call('POST', '/api/setup', { token, password: 'una parola lunga' });
      return logIn(address, { email: staff.email, password: 'una parola lunga' });
    },
    fixture: async (wish) => {
      const times = { opensAtUs: nowUs + HOUR_US, closesAtUs: nowUs + 2 * HOUR_US };
      return Array.fromAsync(
        createFixture({ database, clock, random, key, models, ...times, ...wish }),
      );
    },
    letter: async (to) => {
      await mail.settle();
      const found = mail.list({ limit: 100 }).find((row) => row.recipient === to);
      return found?.text ?? '';
    },
    close: async () => {
      await portal.close();
      await register.close();
      await mail.close();
      database.close();
      rmSync(root, { recursive: true });
    },
  };
}

/** A caller that sends these headers with everything. */
export function callerAt(address: string, headers: Record<string, string>): Caller {
  return {
    headers,
    call: async <Body>(
      method: string,
      path: string,
      body?: unknown,
      more?: Record<string, string>,
    ) => {
      const response = await fetch(address + path, {
        method,
        headers: {
          ...(body === undefined || body instanceof FormData
            ? {}
            : { 'content-type': 'application/json' }),
          ...headers,
          ...more,
        },
        ...(body === undefined ? {} : { body: textOf(body) }),
        redirect: 'manual',
      });
      const type = response.headers.get('content-type') ?? '';
      const isJson = /[/+]json/.test(type) && response.status !== 304;
      const answer: unknown = isJson
        ? await response.json()
        : Buffer.from(await response.arrayBuffer());
      return { status: response.status, headers: response.headers, body: answer as Body };
    },
  };
}

function textOf(body: unknown): string | Buffer<ArrayBuffer> | FormData {
  if (body instanceof FormData) return body;
  if (Buffer.isBuffer(body)) return Buffer.from(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}

async function logIn(address: string, credentials: Record<string, string>): Promise<Caller> {
  const caller = callerAt(address, {});
  const answer = await caller.call<SessionAnswer>('POST', '/api/session', credentials);
  if (answer.status !== 200) throw new Error(`login refused: ${answer.status}`);
  const { token } = answer.body;
  if (token) return callerAt(address, { authorization: `Bearer ${token}` });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return callerAt(address, { cookie });
}

/** A registration that is formally right. */
export function registrationOf(email: string) {
  return {
    email,
    givenName: 'Maria',
    familyName: 'Rossi',
    codiceFiscale: 'RSSMRA85T50A562W',
    language: 'it',
    privacyAccepted: true,
  };
}

/** Registers and confirms; gives the one-time password. */
export async function registered(world: World, email: string): Promise<string> {
  await world.nobody.call('POST', '/api/registrations', registrationOf(email));
  const letter = await world.letter(email);
  const token = /token=([\w-]+)/.exec(letter)?.[1];
  await world.nobody.call('POST', '/api/registrations/confirm', { token });
  return /Password monouso: (\S+)/.exec(letter)?.[1] ?? '';
}

/** A caller who has registered, confirmed and chosen a password. */
export async function applicant(world: World, email: string): Promise<Caller> {
  const oneTime = await registered(world, email);
  const caller = await world.person(email, oneTime);
  const next = 'la mia parola segreta';
  await caller.call('POST', '/api/account/password', { current: oneTime, next });
  return caller;
}
