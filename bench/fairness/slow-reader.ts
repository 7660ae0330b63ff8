/**
 * Slow reader: one client asks and asks and never reads an answer, while others submit. Beside it
 * the same flood by one who reads: what not reading adds to it must be nothing, and the gate must
 * close the connection at its bound (`unreadBytesMax`, on top of what the kernel buffers).
 */

import { submitFrame } from '#bench/drivers/frames.ts';
import { residentMiB, startGate } from '#bench/fairness/gate.ts';
import { dayAt } from '#bench/fairness/papers.ts';
import { lostOf } from '#bench/fairness/queues.ts';
import { type Heard, monotonicUs, openCrowd, Sender } from '#bench/fairness/sender.ts';
import { atMost, type Figure, reported } from '#bench/figures.ts';
import { latenciesOf } from '#bench/statistics.ts';

export interface SlowReaderSizes {
  readonly rounds: number;
  readonly others: number;
  /** Submissions that each of the others may make in a round. */
  readonly each: number;
}

const DAY = 'day';
const FLOOD_FRAMES_A_MS = 10;
const FLOOD_MS_MAX = 5_000;
const READING_MS = 1_000;
const REF_LENGTH = 64;
/** An answer to a frame of the flood, roughly: its text and the header. */
const ANSWER_BYTES = 270;

/** One frame in flight a connection until told to stop; the time each answer took, ms. */
function submitOn(crowd: readonly Sender[], applications: readonly (readonly string[])[]) {
  const latenciesMs: number[] = [];
  const heard: Heard[] = [];
  let isOver = false;
  const resting = crowd.map(
    (sender, connection) =>
      new Promise<void>((resolve) => {
        const mine = applications[connection]!;
        let next = 0;
        let sentAtUs = 0;
        const submit = () => {
          if (isOver || next >= mine.length) return resolve();
          sentAtUs = sender.write(submitFrame(mine[next]!));
          next += 1;
        };
        sender.onAnswer = (answer, atUs) => {
          latenciesMs.push((atUs - sentAtUs) / 1000);
          heard.push(answer);
          submit();
        };
        submit();
      }),
  );
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(resting);
      return { latenciesMs, heard };
    },
  };
}

/** Floods until the gate closes or the time is over; resolves with the frames the kernel took. */
async function flood(flooder: Sender, ms: number): Promise<number> {
  const frame = submitFrame('nobody-has-this', 'x'.repeat(REF_LENGTH));
  const startUs = monotonicUs();
  let sent = 0;
  while (flooder.closed === undefined && monotonicUs() - startUs < ms * 1000) {
    const due = Math.floor(((monotonicUs() - startUs) / 1000) * FLOOD_FRAMES_A_MS);
    for (; sent < due; sent += 1) flooder.write(frame);
    await new Promise(setImmediate);
  }
  return sent;
}

/** The figures of the slow reader. */
export async function measureSlowReader(sizes: SlowReaderSizes): Promise<Figure[]> {
  const gate = await startGate([dayAt(DAY, Date.now() * 1000 - 60_000_000)]);
  const heard: Heard[] = [];
  const p99 = { reading: [] as number[], slow: [] as number[] };
  const unreadMiB: number[] = [];
  const grownMiB: number[] = [];
  const stillOpen: number[] = [];
  for (let round = 0; round < sizes.rounds; round += 1) {
    for (const kind of ['reading', 'slow'] as const) {
      const applications = Array.from({ length: sizes.others }, (_, other) =>
        Array.from({ length: sizes.each }, (__, at) => `${kind}${round}-${other}-${at}`),
      );
      const owned = applications.map((names) => names.map((id) => ({ id, clickDay: DAY })));
      const crowd = await openCrowd(gate, `${kind}${round}`, owned);
      const passbooks = gate.papers.passbooks(`flood-${kind}${round}`, [
        { id: 'unused', clickDay: DAY },
      ]);
      const flooder = await Sender.open({ port: gate.port, passbooks });
      const before = residentMiB(gate.pid);
      if (kind === 'slow') flooder.pause();
      const others = submitOn(crowd, applications);
      const sent = await flood(flooder, kind === 'slow' ? FLOOD_MS_MAX : READING_MS);
      if (kind === 'slow') {
        stillOpen.push(flooder.closed === undefined ? 1 : 0);
        unreadMiB.push((sent * ANSWER_BYTES) / 2 ** 20);
        grownMiB.push(residentMiB(gate.pid) - before);
      }
      const { latenciesMs, heard: some } = await others.stop();
      p99[kind].push(latenciesOf(latenciesMs).p99);
      for (const one of some) heard.push(one);
      for (const sender of [...crowd, flooder]) sender.close();
    }
  }
  const content = await gate.end();
  return [
    {
      ...{ scenario: 'slow reader: still open after 5 s of a flood', target: '0', ...atMost(0) },
      ...{ isCorrectness: true, values: stillOpen },
    },
    {
      scenario: 'slow reader: answers unread when closed, kernel buffers included, MiB',
      ...{ ...reported, values: unreadMiB, digits: 1 },
    },
    {
      ...{ scenario: 'slow reader: growth of the gate, MiB', ...reported, digits: 1 },
      values: grownMiB,
    },
    {
      ...{ scenario: "slow reader: others' p99 ÷ beside one who reads", ...reported, digits: 2 },
      values: p99.slow.map((value, at) => value / p99.reading[at]!),
    },
    {
      ...{ scenario: 'slow reader: lost, doubled or unanswered', target: '0', ...atMost(0) },
      ...{ isCorrectness: true, values: [lostOf(heard, content)] },
    },
  ];
}
