/** Receipts wait for their proofs: without blame, without being made twice, and gate by gate. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemTimers } from '#engine/clock/index.ts';
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import {
  createWorkshop,
  type ProofSource,
  type ReceiptFacts,
  type ReceiptPool,
  type Receipts,
  type Workshop,
} from '#engine/receipts/index.ts';
import { openRegister, type Register } from '#engine/register/index.ts';
import { proofSource } from '#test/support/proof-source.ts';
import { type ReceiptsChange, receiptsOver } from '#test/support/receipts.ts';
import { applicationId, entryOf, factsOf } from '#test/support/register-entries.ts';

/** How long a look at a peak is away from the next. */
const HELD_MS = 500;
const TEMPLATE = sha256Base64Url('template');
const TEMPLATES = new Map([[TEMPLATE, Buffer.from('template')]]);

/** Makers that are done a turn of the loop later, or when `held` lets a call go on. */
function makersOf(
  meet: (input: ReceiptInput) => void = () => undefined,
  held: (inputs: readonly ReceiptInput[]) => Promise<void> = () => Promise.resolve(),
): ReceiptPool {
  return {
    ...{ batchSize: 3, callsMax: 4, destroy: () => Promise.resolve() },
    run: async ({ inputs }) => {
      inputs.forEach(meet);
      await new Promise((resolve) => setImmediate(resolve));
      await held(inputs);
      const made = inputs.map(({ place }) => {
        return { place, template: TEMPLATE, appended: Buffer.from(String(place)) };
      });
      return { made, refused: [], templates: TEMPLATES };
    },
  };
}
type ReceiptInput = Parameters<ReceiptPool['run']>[0]['inputs'][number];

describe('receipts that wait for their proofs', () => {
  let folder: string;
  let store: Register;
  let receipts: Receipts | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clickday-receipts-'));
    store = openRegister(folder);
  });
  afterEach(async () => {
    await receipts?.close();
    receipts = undefined;
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const fill = (count: number) =>
    store.append(Array.from({ length: count }, (_, index) => entryOf('g1', index + 1)));
  const factsFor = async (ids: string[]): Promise<ReceiptFacts[]> =>
    ids.map((id) => factsOf(entryOf('g1', Number(id.slice(3)))));
  const open = (change: ReceiptsChange): Receipts => {
    receipts = receiptsOver({ store, facts: factsFor }, { makers: makersOf(), ...change });
    receipts.enqueue([{ place: store.lastPlace() }]);
    return receipts;
  };

  it('waits until a checkpoint covers an entry, and calls that no failure', async () => {
    await fill(12);
    let covered = 0;
    const sizes = [0, 5, 5, 12];
    const seen: unknown[] = [];
    const proofs = proofSource({
      provenSeq: () => covered,
      look: () => {
        seen.push(queue.status());
        covered = sizes.shift() ?? covered;
        return true;
      },
      troubles: () => (covered === 12 ? [] : [{ gate: 'g1', reason: 'NOT_SIGNED' }]),
    });
    const queue = open({ proofs });
    await queue.settled();
    const unproven = [{ gate: 'g1', reason: 'NOT_SIGNED' }];
    expect(seen[0]).toEqual({ made: 0, pending: 12, failed: [], unproven });
    expect(queue.status()).toEqual({ made: 12, pending: 0, failed: [], unproven: [] });
    expect(sizes).toEqual([]);
  });

  it('gives way to a peak: none is made while it is on, all when it is over', async () => {
    await fill(12);
    let nowUs = 0;
    let covered = 0;
    const madeWhenLooking: number[] = [];
    const timers = systemTimers();
    const queue = open({
      nowUs: () => nowUs,
      timers: {
        ...timers,
        after: (ms, run) => {
          if (ms !== HELD_MS) return timers.after(ms, run);
          madeWhenLooking.push(queue.status().made);
          nowUs += 700_000;
          return timers.after(0, run);
        },
      },
      makers: makersOf(() => expect(nowUs).toBeGreaterThan(1_000_000)),
      proofs: proofSource({ provenSeq: () => covered }),
    });
    queue.enqueue(Array.from({ length: 1000 }, () => ({ place: 12 })));
    covered = 12;
    await queue.settled();
    expect(madeWhenLooking).toEqual([0, 0, 0, 0]);
    expect(queue.status().made).toBe(12);
  });

  it('keeps a pace beside gates at work, a call of three each 24 ms', async () => {
    await fill(12);
    let nowUs = 0;
    const calledAtUs: number[] = [];
    const timers = systemTimers();
    const paced = (ms: number, run: () => void) => {
      if (ms === 24) nowUs += 24_000;
      return timers.after(ms === 24 ? 0 : ms, run);
    };
    const inner = createWorkshop({
      ...{ facts: factsFor, timers },
      proofs: proofSource(),
      makers: makersOf(),
    });
    const make: Workshop['make'] = (order) => {
      calledAtUs.push(nowUs);
      return inner.make(order);
    };
    const queue = open({
      ...{ nowUs: () => nowUs, timers: { ...timers, after: paced } },
      workshop: { ...inner, make },
    });
    await queue.settled();
    expect(calledAtUs).toEqual([0, 0, 0, 0]); // one entry was heard of: nobody is at work
    await store.append(Array.from({ length: 12 }, (_, at) => entryOf('g1', 13 + at)));
    queue.enqueue(Array.from({ length: 30 }, () => ({ place: 24 })));
    await queue.settled();
    expect(calledAtUs.slice(4)).toEqual([0, 24_000, 48_000, 72_000].map((us) => us + 24_000));
  });

  it('gives each receipt the proof of its own entry', async () => {
    await fill(7);
    const given: string[] = [];
    const makers = makersOf(({ entry, proof }) => given.push(`${entry.seq} ${proof.tlogProof}`));
    const proofsOf: ProofSource['proofsOf'] = (entries) =>
      entries.map(({ seq }) => ({ tlogProof: `proof of ${seq}` }));
    const queue = open({
      ...{ makers, proofs: proofSource({ proofsOf }) },
      // In another order, and without one.
      facts: async (ids) => (await factsFor(ids)).toReversed().filter((_, at) => at !== 1),
    });
    await queue.settled();
    expect(given.filter((text) => !/^(\d+) proof of \1$/.test(text))).toEqual([]);
    expect(given.length).toBeGreaterThan(4);
  });

  /** Twenty entries, of two gates by turns. */
  const fillTwoGates = async () => {
    const entries = Array.from({ length: 20 }, (_, at) =>
      entryOf(at % 2 === 0 ? 'g1' : 'g2', Math.floor(at / 2) + 1, {
        application: applicationId(at + 1),
      }),
    );
    await store.append(entries);
    return async (ids: string[]) =>
      ids.map((id) => factsOf(entries.find(({ application }) => application === id)!));
  };
  const all = Array.from({ length: 20 }, (_, at) => at + 1);
  const rising = (places: readonly number[]) => places.toSorted((a, b) => a - b);

  it('makes the receipts of other gates while the log of one is not signed', async () => {
    const facts = await fillTwoGates();
    const covered: Record<string, number> = { g1: 10, g2: 0 };
    const asked: number[] = [];
    const makers = makersOf(({ place }) => asked.push(place));
    const look = () => {
      if (queue.status().made === 10) covered.g2 = 10;
      return true;
    };
    const provenSeq = (gate: string) => covered[gate] ?? 0;
    const queue = open({ makers, facts, proofs: proofSource({ provenSeq, look }) });
    await queue.settled();
    expect(queue.status()).toEqual({ made: 20, pending: 0, failed: [], unproven: [] });
    expect(rising(asked.slice(0, 10))).toEqual(all.filter((place) => place % 2 === 1));
    expect(rising(asked)).toEqual(all);
  });

  it('makes none twice when it goes back to those that waited', async () => {
    const facts = await fillTwoGates();
    const covered: Record<string, number> = { g1: 10, g2: 0 };
    const asked: number[] = [];
    let goOn: () => void = () => undefined;
    const waitersAsked = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const makers = makersOf(
      ({ place }) => {
        asked.push(place);
        covered.g2 = 10; // signed while all of g1 are being made
        if (place === 8) goOn();
      },
      // Of g1 only the first call is through when those of g2 are looked for.
      ([first]) =>
        first!.place === 1 || first!.place % 2 === 0 ? Promise.resolve() : waitersAsked,
    );
    const provenSeq = (gate: string) => covered[gate] ?? 0;
    const queue = open({ makers, facts, proofs: proofSource({ provenSeq }) });
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 20, pending: 0, failed: [] });
    expect(rising(asked)).toEqual(all);
  });

  it('waits with a receipt that is tried again before its gate’s log was read', async () => {
    await fill(1);
    const broken = open({ facts: async () => [] });
    await broken.settled();
    await broken.close();
    let covered = 0;
    const coveredWhenAsked: number[] = [];
    const proofs = proofSource({
      provenSeq: () => covered,
      look: () => {
        covered = 1;
        return false;
      },
      proofsOf: (entries) => {
        coveredWhenAsked.push(covered);
        return proofSource().proofsOf(entries);
      },
    });
    const queue = open({ proofs });
    await queue.settled();
    expect(await queue.retry(applicationId(1))).toBe(true);
    await queue.settled();
    expect(queue.status()).toEqual({ made: 1, pending: 0, failed: [], unproven: [] });
    expect(coveredWhenAsked).toEqual([1]);
  });

  it('waits when a proof cannot be given and blames no receipt', async () => {
    await fill(3);
    let calls = 0;
    const proofsOf: ProofSource['proofsOf'] = (entries) => {
      calls += 1;
      if (calls === 1) throw new Error('a page is damaged');
      return proofSource().proofsOf(entries);
    };
    const queue = open({ proofs: proofSource({ proofsOf }) });
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 3, pending: 0, failed: [] });
  });

  it('ends at once when it is closed while receipts wait', async () => {
    await fill(3);
    const timers = {
      ...systemTimers(),
      after: (ms: number, fn: () => void) =>
        ms >= 1000 ? () => undefined : systemTimers().after(ms, fn), // no limit to closing
    };
    const queue = open({ timers, proofs: proofSource({ provenSeq: () => 0 }) });
    await queue.close();
    expect(queue.status()).toMatchObject({ made: 0, pending: 3 });
  });
});
