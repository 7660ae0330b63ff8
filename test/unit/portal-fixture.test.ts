/** The fixture: many accounts and ready applications, the same for the same seed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '#engine/clock/index.ts';
import { generateSigningKey, type SigningKey, verifyCompact } from '#engine/foundation/jws.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import {
  createFixture,
  type ExportRow,
  exportedApplications,
  type FixtureLine,
} from '#engine/portal/index.ts';
import { openDatabase } from '#engine/store/database/index.ts';
import { validateAll } from '#protocol/forms/index.ts';
import { PASSBOOK_TYP, type PassbookClaims } from '#protocol/passbook.ts';
import { usFromIso } from '#protocol/time.ts';
import { formOf, models } from '#test/support/models.ts';

const OPENS_US = usFromIso('2011-01-31T07:00:00Z');
const START_US = usFromIso('2011-01-17T07:00:00Z');

interface Made {
  readonly lines: FixtureLine[];
  readonly applications: Record<string, unknown>[];
  readonly exported: ExportRow[];
  readonly versions: { canonical: string; digest: string }[];
}

let root: string;
let key: SigningKey;
let made: Made;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'clickday-fixture-'));
  key = generateSigningKey();
  made = await make('seed-1', { accounts: 3, applications: 700 });
});
afterAll(() => rmSync(root, { recursive: true }));

async function make(seed: string, wish: { accounts: number; applications: number }): Promise<Made> {
  const clock = manualClock({ nowUs: START_US });
  const random = seededRandom(seed, clock);
  const database = openDatabase(mkdtempSync(join(root, 'run-')).concat('/f.sqlite'));
  const times = { opensAtUs: OPENS_US, closesAtUs: OPENS_US + 3_600_000_000 };
  const options = { database, clock, random, key, models, ...times, ...wish };
  const lines = await Array.fromAsync(createFixture(options));
  const { build } = database;
  const applications = database.all(build.selectFrom('applications').selectAll().orderBy('id'));
  const versions = database.all(build.selectFrom('versions').selectAll());
  const exported = [...exportedApplications(database)];
  database.close();
  return { lines, versions, exported, applications: applications.map((row) => ({ ...row })) };
}

describe('a fixture', () => {
  it('shares the applications out, all ready for one click day', () => {
    expect(made.lines.map((line) => line.applications.length)).toEqual([233, 233, 234]);
    expect(made.applications).toHaveLength(700);
    const days = new Set(made.applications.map((row) => `${row.status} ${row.click_day}`));
    expect([...days]).toEqual(['ready 2011-01-31']);
  });

  it('hands out passbooks that name exactly these applications', () => {
    for (const line of made.lines) {
      const claims = line.passbooks.map(
        (token) => verifyCompact({ token, typ: PASSBOOK_TYP, keys: [key] }) as PassbookClaims,
      );
      const named = claims.flatMap((each) => each.applications.map(({ id }) => id));
      expect(named).toEqual(line.applications);
      expect(claims.every((each) => each.sub === line.account)).toBe(true);
    }
  });

  it('is made of applications that would pass every check', () => {
    for (const { canonical } of made.versions.slice(0, 100)) {
      const { model, version, values } = JSON.parse(canonical);
      const form = formOf(model, version);
      const context = { todayIso: '2011-01-17', tables: models.tables };
      expect(validateAll(form, values, context)).toEqual([]);
    }
  });

  it('follows the proportions of 2011: mostly model A', () => {
    const domestic = made.applications.filter((row) => row.model === 'A').length;
    expect(domestic / made.applications.length).toBeGreaterThan(0.6);
    expect(domestic / made.applications.length).toBeLessThan(0.95);
  });

  it('is the same for the same seed and clock, and another for another seed', async () => {
    const wish = { accounts: 2, applications: 9 };
    const [first, second, other] = [
      await make('again', wish),
      await make('again', wish),
      await make('other', wish),
    ];
    expect(second).toEqual(first);
    expect(other.lines[0]?.applications).not.toEqual(first.lines[0]?.applications);
  });

  it('is exported whole, in the order in which it was made, over several pages', async () => {
    const { lines, exported } = await make('export', { accounts: 2, applications: 1002 });
    expect(exported.map((row) => row.id)).toEqual(lines.flatMap((line) => line.applications));
    expect(exported[0]).toMatchObject({ status: 'ready', clickDay: '2011-01-31', protocol: null });
  });

  it('splits an account with many applications over several passbooks', async () => {
    const { lines } = await make('many', { accounts: 1, applications: 501 });
    expect(lines[0]?.passbooks).toHaveLength(2);
  });
});
