/**
 * A second gate process on the ledger of the first: it is refused with a sentence and status 1, and
 * the first goes on under load as if nothing had been.
 */
import { NotServing, startGate } from '#test/fault/stage/gate-alone.ts';
import {
  type Outcome,
  type Play,
  roundsOf,
  type Scenario,
  summed,
} from '#test/fault/stage/scenario.ts';
import { Siege } from '#test/fault/stage/siege.ts';

const SENTENCE = 'DIRECTORY_IN_USE';

async function intruded(play: Play, siege: Siege): Promise<string[]> {
  try {
    await startGate(play.scope, { data: siege.stage.data });
    return ['a second gate served on the same ledger'];
  } catch (error) {
    if (!(error instanceof NotServing)) throw error;
    return error.said.includes(SENTENCE) ? [] : [`refused without a reason: ${error.said}`];
  }
}

async function play(play: Play): Promise<Outcome> {
  const rounds = roundsOf(play, { brief: 1, full: 5 });
  const siege = new Siege(play, { accounts: 8, applications: 1_500 * rounds });
  const gate = await siege.gate();
  const failures: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await siege.acknowledged(50, gate);
    failures.push(...(await intruded(play, siege)));
    await siege.acknowledged(50, gate);
  }
  if (siege.clients.some(({ connections }) => connections !== 1)) failures.push('a line was cut');
  const outcome = await siege.end();
  await gate.stop();
  return summed([outcome, { rounds, failures }]);
}

export const secondGate: Scenario = {
  name: 'second-gate',
  title: 'a second gate process on the same ledger',
  play,
};
