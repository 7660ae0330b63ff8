/** The gate and its neighbours are killed, stopped and crowded, each some times. */
import { describe } from 'vitest';
import { playBriefly } from '#test/fault/brief.ts';
import { badFrames } from '#test/fault/scenarios/bad-frames.ts';
import { fullTable } from '#test/fault/scenarios/full-table.ts';
import { killedAtCall } from '#test/fault/scenarios/killed-at-call.ts';
import { killedGate } from '#test/fault/scenarios/killed-gate.ts';
import { lostAnswers } from '#test/fault/scenarios/lost-answers.ts';
import { manyConnects } from '#test/fault/scenarios/many-connects.ts';
import { restartedOpening } from '#test/fault/scenarios/restarted-opening.ts';
import { secondGate } from '#test/fault/scenarios/second-gate.ts';
import { shortMemory } from '#test/fault/scenarios/short-memory.ts';
import { stoppedGate } from '#test/fault/scenarios/stopped-gate.ts';

describe('nothing acknowledged is lost, reordered or doubled, and nobody is early, when', () => {
  playBriefly(killedGate);
  playBriefly(killedAtCall);
  playBriefly(restartedOpening);
  playBriefly(stoppedGate);
  playBriefly(secondGate);
  playBriefly(lostAnswers);
  playBriefly(badFrames);
  playBriefly(manyConnects);
  playBriefly(fullTable);
  playBriefly(shortMemory);
});
