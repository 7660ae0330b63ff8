/**
 * Backup and restore with real processes: a copy made under load verifies and goes on with the next
 * number; a copy that follows lacks nothing once the load is over, and the last second at most when
 * the machine goes down under load.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '#bench/system.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { RestlessClient } from '#test/support/restless-client.ts';
import {
  clickday,
  clickdayOk,
  eventually,
  exportedLedger,
  type FixtureAccount,
  fixture,
  pidOfRole,
  type RunningSystem,
  receiptCounts,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
  verified,
} from '#test/support/system.ts';

async function served(applications: number) {
  const folder = temporaryDirectory();
  const data = join(folder, 'data');
  const words = ['--opens-in', '0'];
  const accounts = await fixture({ data, accounts: 12, applications, words });
  const system = await runningSystem({ data });
  return { folder, data, accounts, system };
}

/** Clients that submit all they have; `done` resolves when they have ended. */
function load(system: RunningSystem, accounts: readonly FixtureAccount[], restMs = 0) {
  const clients = accounts.map(() => new RestlessClient());
  const url = submissionsUrl(system);
  const done = Promise.all(clients.map((client, at) => client.run(url, accounts[at]!, restMs)));
  const count = () => clients.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
  return { clients, done, count };
}

interface Lag {
  readonly part: string;
  readonly behindMs: number;
  readonly upTo: number | null;
}

/** `backup --follow`, and the last lag that it said. */
function startFollower(data: string, to: string) {
  const words = ['engine/main.ts', 'backup', '--follow', '--json', '--data', data, '--to', to];
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...words],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let lag: readonly Lag[] = [];
  let said = 0;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lag = (JSON.parse(line) as { lag: readonly Lag[] }).lag;
    said += 1;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  /** Resolves once it says for a moment after now that everything is there. */
  const caughtUp = async () => {
    const before = said;
    await eventually('the copy has caught up', PATIENCE_MS, () => {
      const parts = lag.map(({ part }) => part);
      const isAll = ['ledger g1', 'register', 'database'].every((part) => parts.includes(part));
      return said > before + 1 && isAll && lag.every(({ behindMs }) => behindMs <= 1000);
    });
  };
  return { child, ended, caughtUp, lag: () => lag };
}

async function restored(from: string, data: string) {
  const text = await clickdayOk(['restore', '--from', from, '--data', data, '--json']);
  const report = JSON.parse(text.trim().split('\n').at(-1)!) as {
    ledgers: { gate: string; entries: number }[];
  };
  expect((await verified(data)).status).toBe(0);
  return report;
}

/** The copy's ledger is the beginning of the original's, byte for byte. */
async function expectPrefix(data: string, copy: string) {
  const [all, some] = [await exportedLedger(data), await exportedLedger(copy)];
  expect(some).toEqual(all.slice(0, some.length));
  return { all, some };
}

describe('backup', () => {
  it('is whole under load, and the restored system goes on', async () => {
    const { folder, data, accounts, system } = await served(600);
    const [late, ...early] = accounts;
    const { count, done } = load(system, early);
    await eventually('the load has begun', PATIENCE_MS, () => count() > 50);
    const to = join(folder, 'backup');
    await clickdayOk(['backup', '--data', data, '--to', to]);
    await done;
    expect(count()).toBe(early.flatMap((account) => account.applications).length);
    for (const path of [
      'backup.json',
      'data/portal/key.json',
      'data/keys/seal.json',
      'data/gates/g1/ledger/data.mdb',
    ]) {
      expect(statSync(join(to, path)).mode & 0o777, path).toBe(0o600);
    }
    expect(statSync(to).mode & 0o777).toBe(0o700);

    const again = join(folder, 'restored');
    const { ledgers } = await restored(to, again);
    const { some } = await expectPrefix(data, again);
    expect(ledgers).toMatchObject([{ gate: 'g1', entries: some.length }]);
    expect(some.length).toBeGreaterThan(50);
    await system.stop();

    const second = await runningSystem({ data: again });
    const { clients, done: lateDone } = load(second, [late!]);
    await lateDone;
    const seqs = [...clients[0]!.acknowledged.values()].map(({ seq }) => seq);
    expect(seqs).toEqual(late!.applications.map((_, at) => some.length + 1 + at));
    await eventually(
      'the register has caught up',
      PATIENCE_MS,
      async () => (await receiptCounts(second)).made === some.length + late!.applications.length,
    );
    await second.stop();
    expect((await verified(again)).status).toBe(0);
  });

  it('replaces a backup, and nothing else', async () => {
    const folder = temporaryDirectory();
    const data = join(folder, 'data');
    await fixture({ data, accounts: 1, applications: 2, words: ['--opens-in', '0'] });
    const to = join(folder, 'backup');
    mkdirSync(to);
    await clickdayOk(['backup', '--data', data, '--to', to]);
    await clickdayOk(['backup', '--data', data, '--to', to]);
    expect(readdirSync(folder).sort()).toEqual(['backup', 'data']);
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'letter'), 'mine');
    const refused = await clickday(['backup', '--data', data, '--to', other]);
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringContaining('TARGET_FOREIGN'),
    ]);
    expect(readdirSync(other)).toEqual(['letter']);
  });

  it('is refused by restore when a byte is another, or a file is gone', async () => {
    const folder = temporaryDirectory();
    const data = join(folder, 'data');
    await fixture({ data, accounts: 1, applications: 2, words: ['--opens-in', '0'] });
    const to = join(folder, 'backup');
    await clickdayOk(['backup', '--data', data, '--to', to]);
    const path = join(to, 'data/portal/key.json');
    const bytes = readFileSync(path);
    bytes[20] = bytes[20]! ^ 1;
    writeFileSync(path, bytes);
    const target = join(folder, 'restored');
    const refused = await clickday(['restore', '--from', to, '--data', target]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('portal/key.json is not what was backed up');
    expect(existsSync(target)).toBe(false);
    bytes[20] = bytes[20]! ^ 1;
    writeFileSync(path, bytes);
    await restored(to, target);
    const full = await clickday(['restore', '--from', to, '--data', target]);
    expect([full.status, full.stderr]).toEqual([1, expect.stringContaining('DIRECTORY_NOT_EMPTY')]);
  });
});

describe('a copy that follows', () => {
  it('survives restarts of both and lacks nothing', async () => {
    const { folder, data, accounts, system } = await served(600);
    const [late, ...early] = accounts;
    const to = join(folder, 'copy');
    const first = startFollower(data, to);
    const { count, done } = load(system, early);
    await eventually('the load is under way', PATIENCE_MS, () => count() > 200);
    first.child.kill('SIGKILL');
    await first.ended;
    await done;
    const second = startFollower(data, to);
    await second.caughtUp();
    const refused = await clickday(['restore', '--from', to, '--data', join(folder, 'not')]);
    expect(refused.stderr).toContain('DIRECTORY_IN_USE');
    process.kill(pidOfRole(system, 'gate')!, 'SIGKILL');
    process.kill(pidOfRole(system, 'portal')!, 'SIGKILL');
    await eventually('the gate serves again', PATIENCE_MS, () =>
      new RestlessClient().run(submissionsUrl(system), late!).then(
        () => true,
        () => false,
      ),
    );
    await eventually(
      'everything has its receipt',
      PATIENCE_MS,
      async () => (await receiptCounts(system)).made === 600,
    );
    await second.caughtUp();
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    const again = join(folder, 'restored');
    await restored(to, again);
    const { all, some } = await expectPrefix(data, again);
    expect([all.length, some.length]).toEqual([600, 600]);
    expect((await verified(again)).stdout).toContain('"made":600');
    const [there, here] = await Promise.all(
      [data, again].map((one) => clickdayOk(['export', '--what', 'applications', '--data', one])),
    );
    expect(here).toBe(there);
  });

  it('lacks the last second at most when all goes down under load', async () => {
    const { folder, data, accounts, system } = await served(3_000);
    const to = join(folder, 'copy');
    const follower = startFollower(data, to);
    await follower.caughtUp();
    const REST_MS = 15;
    const { clients, done, count } = load(system, accounts, REST_MS);
    const sinceFirstMs = () =>
      performance.now() - Math.min(...clients.flatMap(({ heardAtMs }) => [...heardAtMs.values()]));
    await eventually(
      'the load has been on for two seconds',
      PATIENCE_MS,
      () => sinceFirstMs() > 2000,
    );
    const given = count();
    expect(given).toBeLessThan(3_000);
    const [gate, portal] = [pidOfRole(system, 'gate')!, pidOfRole(system, 'portal')!];
    for (const pid of [system.pid, gate, portal]) process.kill(pid, 'SIGSTOP');
    follower.child.kill('SIGKILL');
    const killedAtMs = performance.now();
    // A second; more only if the copy itself had said so on a machine that was held up.
    const allowedMs = Math.max(1000, ...follower.lag().map(({ behindMs }) => behindMs));
    for (const pid of [system.pid, gate, portal]) process.kill(pid, 'SIGKILL');
    await follower.ended;
    for (const client of clients) client.stop();
    await done;
    const again = join(folder, 'restored');
    await restored(to, again);
    const { some } = await expectPrefix(data, again);
    const kept = new Map(some.map((row) => [row.application, row.seq]));
    for (const { acknowledged, heardAtMs } of clients) {
      for (const [application, { seq }] of acknowledged) {
        if (killedAtMs - heardAtMs.get(application)! <= allowedMs) continue;
        expect(kept.get(application), `${application} was answered earlier`).toBe(seq);
      }
    }
    expect(some.length).toBeGreaterThan(0);
    expect(given).toBeGreaterThan(100);
  });
});
