/**
 * A prepared click day for rehearsals, benchmarks and tests: one click day that takes everything,
 * confirmed accounts and ready applications by the proportions of the call, and the passbooks to
 * submit them. The same seed and the same clock give the same accounts, applications and digests.
 *
 * It writes the same rows as drafting by hand does, only many to a transaction. What it skips is
 * the mail and the one hash a password: all fixture accounts share one password.
 */
import { hash } from '@node-rs/argon2';
import type { SigningKey } from '../foundation/jws.ts';
import type { Random } from '../foundation/random.ts';
import type { Database } from '../store/database/index.ts';
import { type AccountRow, accountStore } from './accounts/store.ts';
import { signPassbook } from './applications/passbooks.ts';
import { todayInRome } from './applications/refresh.ts';
import { newDraft } from './applications/service.ts';
import { type ApplicationRow, applicationStore } from './applications/store.ts';
import { makeVersion } from './applications/version.ts';
import { type ClickDayFacts, clickDayStore } from './calendar/store.ts';
import { type Models, sampleAccount, sampleApplication } from './models/index.ts';
import { prepareSearch } from './search/index.ts';

export interface FixtureOptions {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  /** Seeded for a fixture that can be made again. */
  readonly random: Random;
  readonly key: SigningKey;
  /** The call whose samples are written. */
  readonly models: Models;
  /** How many accounts, ≥ 1. */
  readonly accounts: number;
  /** How many applications over all accounts, shared out evenly. */
  readonly applications: number;
  readonly opensAtUs: number;
  readonly closesAtUs: number;
  /** Default: the day in Rome on which it opens. */
  readonly clickDayId?: string | undefined;
}

/** A line of the fixture file. */
export interface FixtureLine {
  readonly account: string;
  readonly email: string;
  readonly password: string;
  readonly passbooks: readonly string[];
  readonly applications: readonly string[];
}

const ACCOUNTS_A_TRANSACTION = 200;
const APPLICATIONS_A_PASSBOOK = 500;
const PASSWORD_BYTES = 12;
const SALT_BYTES = 16;
const HASHING = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * Writes the fixture and gives a line an account as they are committed. The caller signs the new
 * calendar afterwards (the portal does on start). About 0.5 ms an application.
 */
export async function* createFixture(options: FixtureOptions): AsyncGenerator<FixtureLine> {
  const { database, random, accounts, applications } = options;
  prepareSearch(database, options.models);
  const password = random.bytes(PASSWORD_BYTES).toString('base64url');
  const salt = random.bytes(SALT_BYTES);
  const passwordHash = await hash(password, { ...HASHING, salt });
  const day = writeClickDay(options);
  const serialFrom = accountStore(database).count();
  for (let from = 0; from < accounts; from += ACCOUNTS_A_TRANSACTION) {
    const to = Math.min(accounts, from + ACCOUNTS_A_TRANSACTION);
    const lines = database.transaction(() =>
      Array.from({ length: to - from }, (_, offset) => {
        const index = from + offset;
        const count = shareOf(applications, accounts, index);
        const serial = serialFrom + index;
        return writeAccount(options, day, { serial, count, password, passwordHash });
      }),
    );
    yield* lines;
  }
}

/** How many of `total` go to the one with this index when shared evenly over `parts`. */
function shareOf(total: number, parts: number, index: number): number {
  return Math.floor(((index + 1) * total) / parts) - Math.floor((index * total) / parts);
}

function writeClickDay(options: FixtureOptions): ClickDayFacts {
  const { database, clock, opensAtUs, closesAtUs } = options;
  const store = clickDayStore(database);
  const wanted = options.clickDayId ?? todayInRome(opensAtUs);
  let id = wanted;
  for (let copy = 2; store.byId(id) !== undefined; copy += 1) id = `${wanted}-${copy}`;
  const name = { it: `Click day di prova ${id}`, en: `Rehearsal click day ${id}` };
  const day = { id, name, opensAtUs, closesAtUs, suspended: false, rules: [{}] };
  store.insert(day, clock.nowUs());
  return day;
}

function writeAccount(
  options: FixtureOptions,
  day: ClickDayFacts,
  made: { serial: number; count: number; password: string; passwordHash: string },
): FixtureLine {
  const { database, clock, random, key } = options;
  const account = accountRow(options, made);
  accountStore(database).insert(account);
  const applications = Array.from({ length: made.count }, () =>
    writeApplication(options, day, account),
  );
  const passbooks: string[] = [];
  const nowUs = clock.nowUs();
  for (let from = 0; from < applications.length; from += APPLICATIONS_A_PASSBOOK) {
    const chunk = applications.slice(from, from + APPLICATIONS_A_PASSBOOK);
    const named = { account: account.id, applications: chunk, closesAtUs: day.closesAtUs, nowUs };
    passbooks.push(signPassbook({ key, random }, named));
  }
  const { id, email } = account;
  const ids = applications.map((application) => application.id);
  return { account: id, email, password: made.password, passbooks, applications: ids };
}

function accountRow(
  { clock, random }: FixtureOptions,
  made: { serial: number; passwordHash: string },
): AccountRow {
  const person = sampleAccount(random, made.serial);
  const nowUs = clock.nowUs();
  return {
    id: random.id(),
    email: person.email,
    given_name: person.givenName,
    family_name: person.familyName,
    codice_fiscale: person.codiceFiscale,
    role: 'applicant',
    office: null,
    organisation: null,
    member_role: null,
    deactivated_at_us: null,
    language: 'it',
    password_hash: made.passwordHash,
    must_change_password: 0,
    applications_max: null,
    confirmed_at_us: nowUs,
    created_at_us: nowUs,
  };
}

function writeApplication(
  { database, clock, random, models }: FixtureOptions,
  day: ClickDayFacts,
  account: AccountRow,
): ApplicationRow {
  const nowUs = clock.nowUs();
  const sample = sampleApplication(models, { random, todayIso: todayInRome(nowUs) });
  const form = models.get(sample.model, sample.version);
  if (!form) throw new Error(`no model ${sample.model} version ${sample.version}`);
  const draft = newDraft({ id: random.id(), account, form, nowUs });
  const clickDays = [day];
  const { values } = sample;
  const wish = { row: draft, form, models, values, clickDays, nowUs, random };
  const { version, ready } = makeVersion(wish);
  const row = { ...draft, ...ready };
  const store = applicationStore(database);
  store.insert(row);
  store.insertVersion({ ...version, issued: 1 });
  store.insertPages(
    sample.pages.map((page) => ({
      application: row.id,
      number: page.number,
      values_json: JSON.stringify(page.values),
      complete: 1,
      version: 1,
      saved_at_us: nowUs,
    })),
  );
  return row;
}
