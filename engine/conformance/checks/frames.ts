/** Frames that leave the connection alive (protocol §3). */
import { ErrorFrame, TimeAnswer } from '#protocol/frames.ts';
import { expect, expectEqual, expectShape, isOf } from '../judge.ts';
import type { Check, Stage } from '../kit.ts';
import type { Session } from '../session.ts';

const T0 = 81_234.567;

/** One clock exchange; its answer. */
async function exchange(session: Session, more: object = {}) {
  const from = session.frames.length;
  session.send({ type: 'time', t0: T0, ...more });
  return session.next('time', isOf('time'), from);
}

async function erring(stage: Stage, frame: object): Promise<void> {
  const session = await stage.greeted(stage.account());
  const from = session.frames.length;
  session.send(frame);
  expectShape('error', ErrorFrame, await session.next('error', isOf('error'), from));
  await exchange(session);
}

export const frameChecks: readonly Check[] = [
  {
    name: 'time',
    rule: 'time is answered with t0 as it was, two instants in order, uncertainty and sync (§3)',
    run: async (stage) => {
      const answer = await exchange(await stage.greeted(stage.account()));
      expectShape('time', TimeAnswer, answer);
      expectEqual('t0', answer.t0, T0);
      const { t1Us, t2Us } = answer as { t1Us: number; t2Us: number };
      expect(t2Us >= t1Us, `sent (t2Us ${t2Us}) before it was received (t1Us ${t1Us})`);
    },
  },
  {
    name: 'time-goes-on',
    rule: 'the gate’s time never goes backwards',
    run: async (stage) => {
      const session = await stage.greeted(stage.account());
      let lastUs = 0;
      for (let round = 0; round < 20; round += 1) {
        const { t1Us, t2Us } = (await exchange(session)) as unknown as Record<string, number>;
        expect(t1Us! >= lastUs, `t1Us ${t1Us} after ${lastUs}`);
        lastUs = t2Us!;
      }
    },
  },
  {
    name: 'unknown-members',
    rule: 'unknown members are ignored',
    run: async (stage) => {
      await exchange(await stage.greeted(stage.account()), { colour: 'blue', deep: [{}] });
    },
  },
  {
    name: 'unknown-type',
    rule: 'an unknown type is answered with error, and the connection lives (§3)',
    run: (stage) => erring(stage, { type: 'dance' }),
  },
  {
    name: 'wrong-member',
    rule: 'a missing or wrong member is answered with error, and the connection lives (§3)',
    run: (stage) => erring(stage, { type: 'submit', application: 7 }),
  },
];
