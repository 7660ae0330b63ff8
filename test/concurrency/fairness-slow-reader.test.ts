/**
 * A client that does not read, on a real gate and real sockets: it is closed at the bound of unread
 * answers, and who submits beside it is answered all the same. One who reads the same flood stays.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { submitFrame } from '#bench/drivers/frames.ts';
import { Sender } from '#bench/fairness/sender.ts';
import { passes } from '#test/support/gate-ledger.ts';
import { type GateWorld, openGateWorld } from '#test/support/gate-world.ts';
import { applicationId } from '#test/support/register-entries.ts';

/** Far more than kernel buffers and the bound together hold; most of it is never sent. */
const FRAMES_MAX = 200_000;
/** Answers of this many frames are some 15 MB. */
const FRAMES_READ = 60_000;
const FRAMES_A_STEP = 200;

let world: GateWorld;
beforeEach(async () => {
  world = await openGateWorld();
});
afterEach(() => world.close());

async function flooder(): Promise<Sender> {
  const passbooks = [world.papers.passbook({ account: 'flood', applications: ['unused'] })];
  return Sender.open({ port: Number(new URL(world.url).port), passbooks });
}

/** Floods until closed or `frames` are sent; what is sent is read by the gate step by step. */
async function flood(sender: Sender, frames: number): Promise<void> {
  const frame = submitFrame('nobody-has-this', 'x'.repeat(64));
  const step = Buffer.concat(Array.from({ length: FRAMES_A_STEP }, () => frame));
  for (let sent = 0; sent < frames && sender.closed === undefined; sent += FRAMES_A_STEP) {
    sender.write(step);
    // The gate finds its socket empty now and then: only then does the library end it.
    do await passes();
    while (sender.unsentBytes() > 0 && sender.closed === undefined);
  }
}

describe('a client that does not read', () => {
  it('is closed at the bound, and the others are answered meanwhile and after', async () => {
    const other = await world.greeted({
      account: 'other',
      applications: [applicationId(1), applicationId(2)],
    });
    const slow = await flooder();
    slow.pause();
    const flooding = flood(slow, FRAMES_MAX);
    other.submit(applicationId(1));
    expect(await other.next('accepted')).toMatchObject({ seq: 1 });
    await flooding;
    expect(slow.closed).toBe(1006);
    other.submit(applicationId(2));
    expect(await other.next('accepted')).toMatchObject({ seq: 2 });
    expect(other.end).toBeUndefined();
  });

  it('is told from one who asks as much and reads: that one stays', async () => {
    const reader = await flooder();
    let answers = 0;
    let heardAll: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      heardAll = resolve;
    });
    reader.onAnswer = () => {
      answers += 1;
      if (answers === FRAMES_READ) heardAll();
    };
    await flood(reader, FRAMES_READ);
    await done;
    expect(reader.closed).toBeUndefined();
    reader.close();
  });
});
