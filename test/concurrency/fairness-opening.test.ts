/**
 * F3 and F1 at small scale, on the real path with buffers in the test's hand: nobody early, though
 * his frame is read late; nobody refused who came after; and nobody overtaken across passes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inversionRate, largestInversionUs } from '#bench/fairness/order.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { createPath } from '#engine/gate/path.ts';
import { openFairStage, type StageClient, UNCERTAINTY_US } from '#test/support/fair-stage.ts';
import { OPENING_US } from '#test/support/register-entries.ts';
import { createOpenings as readTimeOpenings } from '#test/support/unfair/read-time-opening.ts';

function stageOf(opensInMs: number, openings?: typeof readTimeOpenings) {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-fair-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return openFairStage({ folder, createPath, opensInMs, ...(openings && { openings }) });
}

type Stage = ReturnType<typeof stageOf>;

function crowdOf(stage: Stage, count: number): StageClient[] {
  return Array.from({ length: count }, (_, at) => stage.connect(`account${at}`, [`a${at}`]));
}

function submitAll(crowd: readonly StageClient[]) {
  for (const [at, client] of crowd.entries()) client.submit(`a${at}`);
}

const heard = (crowd: readonly StageClient[]) =>
  crowd.map(({ frames }) => {
    const last = frames.at(-1)!;
    return last.type === 'rejected' ? last.code : last.type;
  });

/** What each of the frames with these marks heard, in their order. */
const heardByRef = ({ frames }: StageClient, refs: readonly string[]) =>
  refs.map((ref) => {
    const told = frames.filter((frame) => 'ref' in frame && frame.ref === ref);
    return told.map((frame) => (frame.type === 'rejected' ? frame.code : frame.type)).join(' ');
  });

/** A pass a millisecond, so many that whoever was refused around the opening has been told. */
async function severalPasses(stage: Stage) {
  for (let pass = 0; pass < 8; pass += 1) {
    await stage.pass();
    stage.timers.advance(1);
  }
}

const all = (what: string, count: number) => Array.from({ length: count }, () => what);
const CROWD = 20;

/** Everybody writes 15 ms before the opening; the gate stands still for so many ms from there. */
async function parked(stillMs: number, openings?: typeof readTimeOpenings) {
  const stage = stageOf(15, openings);
  const crowd = crowdOf(stage, CROWD);
  submitAll(crowd);
  stage.timers.advance(stillMs);
  await severalPasses(stage);
  return { stage, crowd };
}

describe('frames that were parked in buffers before the opening', () => {
  it('are refused whenever the gate goes on: before, at, after the instant', async () => {
    for (const stillMs of [1, 14, 15, 15.4, 15.401, 16, 19, 35, 5_000]) {
      const { crowd, stage } = await parked(stillMs);
      expect(heard(crowd), `${stillMs} ms`).toEqual(all('TOO_EARLY', CROWD));
      expect(stage.entries()).toEqual([]);
    }
  });

  it('would be let in by a door that goes by the time of reading: the check sees it', async () => {
    const { crowd } = await parked(19, readTimeOpenings);
    expect(heard(crowd)).toEqual(all('accepted', CROWD));
  });

  it('are refused too when the clock is set on across the opening', async () => {
    const stage = stageOf(10_000);
    const crowd = crowdOf(stage, CROWD);
    submitAll(crowd);
    stage.clock.set({ nowUs: OPENING_US + 5_000_000 });
    stage.timers.advance(1_000);
    await severalPasses(stage);
    expect(heard(crowd)).toEqual(all('TOO_EARLY', CROWD));
  });

  it('may be sent again at once and are then in', async () => {
    const { crowd, stage } = await parked(19);
    await stage.pass();
    submitAll(crowd);
    await stage.settle();
    expect(heard(crowd)).toEqual(all('accepted', CROWD));
  });
});

describe('across the opening', () => {
  /** One client asks every 100 µs, a pass of the event loop each time. */
  async function hammered(openings?: typeof readTimeOpenings) {
    const stage = stageOf(3, openings);
    const [client] = crowdOf(stage, 1);
    const sentAtUs: number[] = [];
    for (let at = 0; at < 60; at += 1) {
      client!.submit('a0', String(at));
      sentAtUs.push(stage.clock.nowUs() - OPENING_US);
      stage.timers.advance(0.1);
      await stage.pass();
    }
    await stage.settle();
    const outcomes = heardByRef(
      client!,
      sentAtUs.map((_, at) => String(at)),
    );
    return { sends: sentAtUs.map((atUs, at) => ({ atUs, outcome: outcomes[at]! })), stage };
  }

  it('who is certainly early is refused, who is certainly in time is let in', async () => {
    const { sends, stage } = await hammered();
    const early = sends.filter(({ atUs }) => atUs < -UNCERTAINTY_US);
    const onTime = sends.filter(({ atUs }) => atUs > 2 * UNCERTAINTY_US);
    expect(early.length).toBeGreaterThan(20);
    expect(onTime.length).toBeGreaterThan(20);
    expect(new Set(early.map(({ outcome }) => outcome))).toEqual(new Set(['TOO_EARLY']));
    expect(new Set(onTime.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    const [first] = stage.entries();
    expect(first!.stampUs - OPENING_US).toBeGreaterThanOrEqual(UNCERTAINTY_US);
    expect(first!.stampUs - OPENING_US).toBeLessThanOrEqual(2_000 + 2 * UNCERTAINTY_US);
  });

  it('a clock that knows little opens late, never early', async () => {
    const stage = stageOf(1);
    stage.clock.set({ uncertaintyUs: 10_000 });
    const [client] = crowdOf(stage, 1);
    const refs = Array.from({ length: 11 }, (_, ms) => String(ms));
    for (const ref of refs) {
      client!.submit('a0', ref);
      await stage.pass();
      stage.timers.advance(1);
    }
    for (let pass = 0; pass < 3; pass += 1) await stage.pass();
    client!.submit('a0');
    await stage.pass();
    expect(heardByRef(client!, refs)).toEqual(all('TOO_EARLY', refs.length));
    expect(heard([client!])).toEqual(['accepted']);
  });

  it('who asks again as soon as he is refused does not prolong the pass that drains', async () => {
    const stage = stageOf(1);
    const crowd = crowdOf(stage, CROWD);
    for (const [at, client] of crowd.entries()) {
      client.onFrame = ({ type }) => type === 'rejected' && client.submit(`a${at}`);
    }
    submitAll(crowd);
    stage.timers.advance(1.4);
    for (let pass = 0; pass < 6; pass += 1) await stage.pass({ rounds: 48 });
    for (const { frames } of crowd) {
      expect(frames.map(({ type }) => type)).toEqual(['welcome', 'rejected', 'accepted']);
    }
  });

  it('who was refused near it is told after the turns of those let in first', async () => {
    const stage = stageOf(2);
    const [early, late] = crowdOf(stage, 2);
    const told: string[] = [];
    early!.onFrame = ({ type }) => told.push(`early ${type} ${stage.entries().length}`);
    late!.onFrame = ({ type }) => told.push(`late ${type}`);
    stage.timers.advance(1);
    early!.submit('a0');
    await stage.pass();
    stage.timers.advance(1.4);
    await stage.pass();
    await stage.pass();
    expect(told).toEqual([]);
    late!.submit('a1');
    await stage.pass();
    expect(told).toEqual(['early rejected 1', 'late accepted']);
    expect(early!.frames.at(-1)).toMatchObject({ code: 'TOO_EARLY', retryAfterMs: 0 });
  });
});

describe('order across passes of the event loop', () => {
  /** 600 frames of 30 connections at seeded instants within 60 ms; a pass every `passUs`. */
  async function ordered(passUs: number) {
    const stage = stageOf(-1_000);
    await stage.pass();
    const random = seededRandom(7, { nowUs: () => OPENING_US });
    const clients = Array.from({ length: 30 }, (_, connection) => {
      const applications = Array.from({ length: 20 }, (__, at) => `${connection}-${at}`);
      return { client: stage.connect(`c${connection}`, applications), applications };
    });
    const sends = clients
      .flatMap(({ client, applications }) =>
        applications
          .map(() => random.integer(60_000))
          .toSorted((a, b) => a - b)
          .map((sentAtUs, at) => ({ client, application: applications[at]!, sentAtUs })),
      )
      .toSorted((a, b) => a.sentAtUs - b.sentAtUs);
    for (let nowUs = passUs; sends.some(({ sentAtUs }) => sentAtUs >= nowUs - passUs); ) {
      const due = sends.filter(({ sentAtUs: at }) => at >= nowUs - passUs && at < nowUs);
      for (const { client, application } of due) client.submit(application);
      stage.clock.advance(passUs);
      await stage.pass();
      nowUs += passUs;
    }
    await stage.settle();
    const seqs = new Map(stage.entries().map(({ application, seq }) => [application, seq]));
    return sends.map(({ client, application, sentAtUs }) => ({
      ...{ connection: client.index, sentAtUs },
      seq: seqs.get(application)!,
    }));
  }

  it('is that of the sends to within one pass', async () => {
    const places = await ordered(500);
    expect(places).toHaveLength(600);
    expect(inversionRate(places, 500)).toBe(0);
    expect(largestInversionUs(places)).toBeLessThan(500);
  });

  it('is lost when a pass takes 30 ms: the judge sees it', async () => {
    const places = await ordered(30_000);
    expect(inversionRate(places, 10_000)).toBeGreaterThan(0.001);
    expect(largestInversionUs(places)).toBeGreaterThan(10_000);
  });
});
