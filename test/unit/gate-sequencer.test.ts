/** The sequencer: one counter, rising stamps, group commit, and no answer before the disk. */
import { describe, expect, it } from 'vitest';
import { manualClock } from '#engine/clock/index.ts';
import { type Candidate, createPresence } from '#engine/gate/presence.ts';
import { createSequencer } from '#engine/gate/sequencer.ts';
import type { Submission } from '#engine/gate/submission.ts';
import { limits } from '#engine/limits.ts';
import { heldLedger, memoryWriter, passes } from '#test/support/gate-ledger.ts';
import { lineOf, presentedOne, submissionOf } from '#test/support/gate-submissions.ts';

const START_US = 5_000_000;

/** Who is told of which entry. */
interface Committed {
  readonly submission: Submission;
  readonly entry: Submission;
  readonly duplicate: boolean;
}

function stage(inner = memoryWriter()) {
  const ledger = heldLedger(inner);
  const clock = manualClock({ nowUs: START_US });
  const entered: Committed[] = [];
  const committed: Committed[][] = [];
  const failed: { submissions: readonly Submission[]; error: unknown }[] = [];
  const presence = createPresence(ledger);
  /** One application has one candidate here, as on the gate. */
  const known = new Map<string, Candidate>();
  const submission = (application: string, ref?: string) => {
    const candidate = known.get(application) ?? presentedOne(presence, lineOf(application));
    known.set(application, candidate);
    return submissionOf(application, { candidate, ...(ref !== undefined && { ref }) });
  };
  const sequencer = createSequencer({
    ledger,
    clock,
    presence,
    onEntered: (entry, repeats) => {
      entered.push({ submission: entry, entry, duplicate: false });
      for (const again of repeats) entered.push({ submission: again, entry, duplicate: true });
    },
    onCommitted: () => void committed.push(entered.splice(0)),
    onFailed: async (submissions, error) => {
      failed.push({ submissions, error });
    },
  });
  const push = (...applications: string[]) =>
    applications.map((application) => {
      const stampUs = sequencer.nextStampUs(clock.nowUs());
      return sequencer.push(submission(application), stampUs, 100);
    });
  const sizes = () => ledger.batches.map((batch) => batch.length);
  return { ledger, clock, sequencer, submission, known, committed, failed, push, sizes };
}

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

describe('group commit', () => {
  it('gathers a batch while another is on its way, and starts it when that one ends', async () => {
    const { ledger, sequencer, committed, push, sizes } = stage();
    ledger.hold();
    push('a');
    sequencer.pump();
    push(...names('b', 50));
    sequencer.pump();
    sequencer.pump();
    expect(sizes()).toEqual([1]);
    expect(sequencer.queued()).toBe(50);
    await ledger.release();
    expect(sizes()).toEqual([1, 50]);
    expect(committed.map((batch) => batch.length)).toEqual([1, 50]);
  });

  it('answers nobody before the ledger has the batch', async () => {
    const { ledger, sequencer, committed, push } = stage();
    ledger.hold();
    push('a', 'b');
    sequencer.pump();
    await passes();
    expect(committed).toEqual([]);
    await ledger.release();
    expect(committed.flat().map(({ entry }) => entry.seq)).toEqual([1, 2]);
  });

  it('bounds a batch and commits the rest after it', async () => {
    const { ledger, sequencer, push, sizes } = stage();
    ledger.hold();
    push(...names('a', limits.batchEntriesMax + 3));
    sequencer.pump();
    await ledger.release();
    expect(sizes()).toEqual([limits.batchEntriesMax, 3]);
    expect(ledger.batches.flat().map(({ seq }) => seq)).toEqual(
      Array.from({ length: limits.batchEntriesMax + 3 }, (_, at) => at + 1),
    );
  });

  it('writes nothing when nothing waits', async () => {
    const { ledger, sequencer } = stage();
    sequencer.pump();
    await passes();
    expect(ledger.batches).toEqual([]);
  });

  it('is drained when the queue behind the commit is on disk too', async () => {
    const { ledger, sequencer, committed, push } = stage();
    ledger.hold();
    push('a');
    sequencer.pump();
    push('b');
    let isDrained = false;
    const drained = sequencer.drained().then(() => {
      isDrained = true;
    });
    await ledger.step();
    expect(committed.flat()).toHaveLength(1);
    expect(isDrained).toBe(false);
    await ledger.step();
    await drained;
    expect(committed.flat()).toHaveLength(2);
  });
});

describe('the queue', () => {
  it('refuses what is beyond its bound and takes again after a commit', async () => {
    const { ledger, sequencer, push } = stage();
    ledger.hold();
    for (let at = 0; at < limits.queueEntriesMax; at += 1) push(`a${at}`);
    expect(push('late')).toEqual([false]);
    expect(sequencer.queued()).toBe(limits.queueEntriesMax);
    sequencer.pump();
    expect(push('again')).toEqual([true]);
    await ledger.release();
    await sequencer.drained();
    const written = ledger.batches.reduce((sum, batch) => sum + batch.length, 0);
    expect(written).toBe(limits.queueEntriesMax + 1);
  });
});

describe('numbers', () => {
  it('have no gap after a batch that was refused', async () => {
    const { ledger, sequencer, committed, failed, push } = stage();
    push('a', 'b');
    sequencer.pump();
    await ledger.release();
    ledger.hold();
    push('c', 'd');
    sequencer.pump();
    push('e');
    await ledger.fail(new Error('ENOSPC'));
    expect(failed.map(({ submissions }) => submissions.map((one) => one.application))).toEqual([
      ['c', 'd', 'e'],
    ]);
    await ledger.release();
    push('f', 'c');
    sequencer.pump();
    await passes();
    expect(committed.flat().map(({ entry }) => [entry.application, entry.seq])).toEqual([
      ['a', 1],
      ['b', 2],
      ['f', 3],
      ['c', 4],
    ]);
  });

  it('go on where the ledger ends', async () => {
    const inner = memoryWriter();
    const before = stage(inner);
    before.push('a', 'b');
    before.sequencer.pump();
    await before.sequencer.drained();
    const after = stage(inner);
    after.push('c');
    after.sequencer.pump();
    await after.sequencer.drained();
    expect(after.committed.flat()[0]?.entry).toMatchObject({ seq: 3, stampUs: START_US + 2 });
  });
});

describe('stamps', () => {
  it('rise when the clock stands still, and when it steps back', async () => {
    const { ledger, clock, sequencer, push } = stage();
    push('a', 'b');
    clock.advance(-4_000_000);
    push('c');
    clock.advance(9_000_000);
    push('d');
    sequencer.pump();
    await sequencer.drained();
    expect(ledger.batches.flat().map(({ stampUs }) => stampUs)).toEqual([
      START_US,
      START_US + 1,
      START_US + 2,
      START_US + 5_000_000,
    ]);
  });

  it('are not used up by a submission that was not admitted', () => {
    const { clock, sequencer } = stage();
    expect(sequencer.nextStampUs(clock.nowUs())).toBe(START_US);
    expect(sequencer.nextStampUs(clock.nowUs())).toBe(START_US);
  });

  it('are never given twice, a refused batch’s neither', async () => {
    const { ledger, clock, sequencer, push } = stage();
    ledger.hold();
    push('a');
    sequencer.pump();
    await ledger.fail(new Error('ENOSPC'));
    expect(sequencer.nextStampUs(clock.nowUs())).toBe(START_US + 1);
  });

  it('rise above the watermark', async () => {
    const { clock, sequencer } = stage();
    sequencer.watermark(START_US + 50);
    await sequencer.drained();
    expect(sequencer.nextStampUs(clock.nowUs())).toBe(START_US + 51);
  });
});

describe('a submission that is repeated on its way', () => {
  it('hears the same entry as a duplicate, in the same commit', async () => {
    const { ledger, sequencer, submission, committed, push } = stage();
    ledger.hold();
    push('a', 'b');
    sequencer.pump();
    expect(sequencer.joinPending(submission('a', 'again'))).toBe(true);
    expect(sequencer.joinPending(submission('c'))).toBe(false);
    await ledger.release();
    const heard = committed.flat();
    expect(
      heard.map(({ submission, entry, duplicate }) => [submission.ref, entry.seq, duplicate]),
    ).toEqual([
      [undefined, 1, false],
      ['again', 1, true],
      [undefined, 2, false],
    ]);
    expect(sequencer.joinPending(submission('a'))).toBe(false);
  });

  it('hears the refusal too, and may be pushed again', async () => {
    const { ledger, sequencer, submission, failed, push } = stage();
    ledger.hold();
    push('a');
    sequencer.pump();
    sequencer.joinPending(submission('a', 'again'));
    await ledger.fail(new Error('ENOSPC'));
    expect(failed[0]?.submissions.map(({ ref }) => ref)).toEqual([undefined, 'again']);
    expect(sequencer.joinPending(submission('a'))).toBe(false);
  });
});

describe('an application', () => {
  it('is held while it is on its way, and known as entered once it is on disk', async () => {
    const { ledger, sequencer, known, push } = stage();
    ledger.hold();
    push('a');
    const { progress } = known.get('a')!;
    expect(progress).toMatchObject({ holders: 2, isEntered: false });
    sequencer.pump();
    await ledger.release();
    expect(progress).toEqual({ holders: 1, isEntered: true, pending: undefined });
  });

  it('is let go after a refused commit too', async () => {
    const { ledger, sequencer, known, push } = stage();
    ledger.hold();
    push('a');
    sequencer.pump();
    await ledger.fail(new Error('ENOSPC'));
    const { progress } = known.get('a')!;
    expect(progress).toEqual({ holders: 1, isEntered: false, pending: undefined });
  });
});

describe('the watermark', () => {
  it('is published only when nothing is queued or on its way', async () => {
    const { ledger, clock, sequencer, push } = stage();
    ledger.hold();
    clock.advance(10);
    push('a');
    sequencer.watermark(START_US + 20);
    sequencer.pump();
    sequencer.watermark(START_US + 20);
    expect(ledger.watermarks).toEqual([]);
    await ledger.release();
    sequencer.watermark(START_US + 10);
    expect(ledger.watermarks).toEqual([]);
    sequencer.watermark(START_US + 20);
    await sequencer.drained();
    expect(ledger.watermarks).toEqual([START_US + 20]);
  });

  it('holds a batch back until it is written, and the batch is stamped above it', async () => {
    const { ledger, clock, sequencer, push, sizes } = stage();
    ledger.hold();
    clock.advance(20);
    sequencer.watermark(clock.nowUs());
    push('a');
    sequencer.pump();
    expect(sizes()).toEqual([]);
    await ledger.release();
    expect(ledger.batches.flat()).toMatchObject([{ seq: 1, stampUs: START_US + 21 }]);
  });

  it('that cannot be written is a failed commit', async () => {
    const { ledger, sequencer, failed, push } = stage();
    ledger.hold();
    sequencer.watermark(START_US + 1);
    push('a');
    await ledger.fail(new Error('EIO'));
    expect(failed).toMatchObject([{ submissions: [{ application: 'a' }] }]);
    await sequencer.drained();
  });
});
