/**
 * F2 at small scale, on the real path: what bulk senders get, their frames all read before anybody
 * else's. Beside each the same judge over a path that serves in order of arrival.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { longestRun, placesAmong } from '#bench/fairness/order.ts';
import { openFairStage } from '#test/support/fair-stage.ts';

type Turns = 'real' | 'order of arrival';

async function stageWith(turns: Turns) {
  vi.resetModules();
  if (turns === 'real') vi.doUnmock('#engine/gate/turn.ts');
  else vi.doMock('#engine/gate/turn.ts', () => import('#test/support/unfair/arrival-order.ts'));
  const { createPath } = await import('#engine/gate/path.ts');
  const folder = mkdtempSync(join(tmpdir(), 'clickday-fair-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const stage = openFairStage({ folder, createPath, opensInMs: -1_000 });
  await stage.pass();
  return stage;
}

const names = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${name}-${at}`);

/** Bulk senders of 500 at most, then singles; all of it lies there before the gate reads. */
async function played(options: {
  turns: Turns;
  bulks: readonly { account: string; frames: number }[];
  singles: number;
}) {
  const stage = await stageWith(options.turns);
  const bulks = options.bulks.map(({ account, frames }, at) => {
    const applications = names(`bulk${at}`, frames);
    const client = stage.connect(account, applications);
    for (const application of applications) client.submit(application);
    return client.index;
  });
  for (const application of names('single', options.singles)) {
    stage.connect(application, [application]).submit(application);
  }
  await stage.settle();
  return { stage, order: stage.order(), bulks: new Set(bulks) };
}

const one = [{ account: 'bulk', frames: 500 }];
const four = Array.from({ length: 4 }, () => ({ account: 'bulk', frames: 125 }));
const many = Array.from({ length: 20 }, (_, at) => ({ account: `bulk${at}`, frames: 100 }));

describe('500 frames on one socket among 500 singles', () => {
  it('get one place in the first round and never two in a row while others wait', async () => {
    const { order, bulks, stage } = await played({ turns: 'real', bulks: one, singles: 500 });
    expect(order).toHaveLength(1_000);
    expect(placesAmong(order, 501, bulks)).toBe(1);
    expect(longestRun(order)).toBe(1);
    const stamps = stage.entries().map(({ stampUs }) => stampUs);
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
  });

  it('would take the first 500 in order of arrival: the judges see it', async () => {
    const control = await played({ turns: 'order of arrival', bulks: one, singles: 500 });
    expect(placesAmong(control.order, 501, control.bulks)).toBe(500);
    expect(longestRun(control.order)).toBe(500);
  });

  it('get four places in the first round over four connections, and no more', async () => {
    const { order, bulks } = await played({ turns: 'real', bulks: four, singles: 500 });
    expect(placesAmong(order, 504, bulks)).toBe(4);
    expect(longestRun(order)).toBe(1);
  });
});

describe('20 bulk senders of 100 against 500 singles', () => {
  it('leave the singles what turns give them of the first 500 places', async () => {
    const { order, bulks } = await played({ turns: 'real', bulks: many, singles: 500 });
    const theirs = 500 - placesAmong(order, 500, bulks);
    expect(theirs / ((500 * 500) / 520)).toBeGreaterThanOrEqual(0.99);
    expect(longestRun(order)).toBe(1);
  });

  it('would leave them none in order of arrival: the judge sees it', async () => {
    const control = await played({ turns: 'order of arrival', bulks: many, singles: 500 });
    expect(placesAmong(control.order, 500, control.bulks)).toBe(500);
  });
});

describe('bulk senders alone', () => {
  it('take turns over many commits, nobody twice in a row', async () => {
    const { order } = await played({ turns: 'real', bulks: four, singles: 0 });
    expect(order).toHaveLength(500);
    expect(longestRun(order)).toBe(1);
  });

  it('are through in as many commits as their slots ask', async () => {
    const { stage } = await played({ turns: 'real', bulks: many, singles: 0 });
    expect(stage.ledger.batches.length).toBeLessThanOrEqual(Math.ceil(100 / 8) + 1);
  });
});

describe('poisoned items of a bulk sender', () => {
  it('delay nothing of anybody', async () => {
    const stage = await stageWith('real');
    const items = names('bulk', 300);
    const bulk = stage.connect('bulk', items);
    const rest = [...items];
    rest.splice(200, 0, items[199]!);
    rest.splice(100, 0, items[0]!);
    rest.splice(50, 0, 'unknown');
    for (const application of rest) bulk.submit(application);
    const singles = names('single', 50);
    for (const application of singles) {
      stage.connect(application, [application]).submit(application);
    }
    await stage.settle();
    const commitOf = (application: string) =>
      stage.ledger.batches.findIndex((batch) =>
        batch.some((entry) => entry.application === application),
      );
    for (const at of [50, 100, 200]) {
      expect(commitOf(items[at]!) - commitOf(items[at - 1]!)).toBeLessThanOrEqual(1);
    }
    expect(
      stage
        .entries()
        .map(({ application }) => application)
        .toSorted(),
    ).toEqual([...items, ...singles].toSorted());
    expect(new Set(singles.map(commitOf))).toEqual(new Set([0]));
    const refused = bulk.frames.filter(({ type }) => type === 'rejected');
    expect(refused).toMatchObject([{ application: 'unknown', code: 'UNKNOWN_APPLICATION' }]);
    const repeated = bulk.frames.filter((frame) => 'duplicate' in frame);
    expect(repeated).toHaveLength(2);
  });
});
