/** `clickday fixture`: a click day with ready applications on a directory that nobody serves. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { seededRandom } from '#engine/foundation/random.ts';
import {
  createCalendar,
  createFixture,
  createSessions,
  type FixtureLine,
  loadModels,
  loadOrCreateKey,
  portalLimits,
} from '#engine/portal/index.ts';
import { openDatabase } from '#engine/store/database/index.ts';
import { takeLock } from '#engine/store/index.ts';
import { usFromIso } from '#protocol/time.ts';
import { type Config, readConfig, text } from '../config.ts';
import { commandContext, emit, Refused, say } from './context.ts';

export interface FixtureFlags {
  readonly data?: string;
  readonly models?: string;
  readonly accounts: number;
  readonly applications: number;
  readonly opensIn?: number;
  readonly opensAt?: string;
  readonly closesIn?: number;
  readonly seed?: string;
  readonly out: string;
  /** Opens a session of a browser for each account: its cookie is `clickday=<session>`. */
  readonly sessions?: boolean;
  readonly json?: boolean;
}

const CLOSES_IN_SECONDS = 3600;
const US_A_SECOND = 1_000_000;

/** Creates it and says what was made, on standard error. */
export async function fixture(flags: FixtureFlags): Promise<void> {
  const config = readConfig({ data: flags.data, models: flags.models });
  const made = await makeFixture(config, flags);
  if (flags.json) emit({ ...made, out: flags.out });
  say(`${made.applications} ready applications of ${made.accounts} accounts in ${flags.out}`);
}

/** Refuses a directory in use (LockHeld) and an opening that is no instant. */
export async function makeFixture(
  config: Config,
  flags: FixtureFlags,
): Promise<{ accounts: number; applications: number }> {
  const { clock, directory, random } = commandContext(config, 'fixture');
  const models = loadModels(text(config, 'models'));
  const opensAtUs = openingOf(flags, clock.nowUs());
  const closesAtUs = closingOf(flags, clock.nowUs(), opensAtUs);
  const locks = ['portal', ...directory.gates().map((gate) => `gate-${gate}`)].map((store) =>
    takeLock(directory.lock(store)),
  );
  const out = openOut(flags.out);
  const database = openDatabase(directory.database);
  const key = loadOrCreateKey(directory.portalKey);
  let accounts = 0;
  let applications = 0;
  try {
    const lines = createFixture({
      ...{ database, clock, key, models, opensAtUs, closesAtUs },
      random: flags.seed === undefined ? random : seededRandom(flags.seed, clock),
      accounts: flags.accounts,
      applications: flags.applications,
    });
    const durations = {
      cookie: portalLimits.cookieSessionMs,
      bearer: portalLimits.bearerSessionMs,
    };
    const sessions = createSessions({ database, clock, random, durations });
    const logIn = (some: FixtureLine[]) =>
      database.transaction(() =>
        some.map((line) => ({ ...line, session: sessions.open(line.account, 'cookie').token })),
      );
    for await (const line of flags.sessions ? inBatches(lines, logIn) : lines) {
      writeSync(out, `${JSON.stringify(line)}\n`);
      accounts += 1;
      applications += line.applications.length;
    }
    const audit = () => undefined;
    createCalendar({ database, clock, key, audit, notice: directory }).publish();
  } finally {
    closeSync(out);
    database.close();
    for (const lock of locks) lock.release();
  }
  return { accounts, applications };
}

const BATCH_LINES = 500;

/** The lines, each changed, so many in one transaction. */
async function* inBatches(
  lines: AsyncIterable<FixtureLine>,
  change: (some: FixtureLine[]) => FixtureLine[],
): AsyncGenerator<FixtureLine> {
  let some: FixtureLine[] = [];
  for await (const line of lines) {
    if (some.push(line) < BATCH_LINES) continue;
    yield* change(some);
    some = [];
  }
  yield* change(some);
}

/** From now, like the opening; a time that would lie before the opening counts from there. */
function closingOf(flags: FixtureFlags, nowUs: number, opensAtUs: number): number {
  const inUs = (flags.closesIn ?? CLOSES_IN_SECONDS) * US_A_SECOND;
  return nowUs + inUs > opensAtUs ? nowUs + inUs : opensAtUs + inUs;
}

function openOut(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Refused('OUT_UNWRITABLE', `${path} cannot be written (${code})`);
  }
}

function openingOf(flags: FixtureFlags, nowUs: number): number {
  if (flags.opensAt === undefined) {
    if (flags.opensIn === undefined) {
      throw new Refused('USAGE', 'name the opening: --opens-in SECONDS or --opens-at ISO');
    }
    return nowUs + Math.round(flags.opensIn * US_A_SECOND);
  }
  const opensAtUs = usFromIso(flags.opensAt);
  if (Number.isNaN(opensAtUs)) {
    throw new Refused('USAGE', `"${flags.opensAt}" is no instant; write 2011-01-31T07:00:00Z`);
  }
  return opensAtUs;
}
