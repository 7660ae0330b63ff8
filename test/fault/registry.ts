/** All faults of `npm run test:faults`, in the order of the table. */
import { badFrames } from '#test/fault/scenarios/bad-frames.ts';
import { clockSteps } from '#test/fault/scenarios/clock-steps.ts';
import { damagedFiles } from '#test/fault/scenarios/damaged-files.ts';
import { dyingNeighbours } from '#test/fault/scenarios/dying-neighbours.ts';
import { failingDisk } from '#test/fault/scenarios/failing-disk.ts';
import { fullDisk } from '#test/fault/scenarios/full-disk.ts';
import { fullTable } from '#test/fault/scenarios/full-table.ts';
import { killedAtCall } from '#test/fault/scenarios/killed-at-call.ts';
import { killedGate } from '#test/fault/scenarios/killed-gate.ts';
import { lostAnswers } from '#test/fault/scenarios/lost-answers.ts';
import { manyConnects } from '#test/fault/scenarios/many-connects.ts';
import { powerLoss } from '#test/fault/scenarios/power-loss.ts';
import { restartedOpening } from '#test/fault/scenarios/restarted-opening.ts';
import { secondGate } from '#test/fault/scenarios/second-gate.ts';
import { shortMemory } from '#test/fault/scenarios/short-memory.ts';
import { slowDisk } from '#test/fault/scenarios/slow-disk.ts';
import { stoppedGate } from '#test/fault/scenarios/stopped-gate.ts';
import { timeServers } from '#test/fault/scenarios/time-servers.ts';
import type { Scenario } from '#test/fault/stage/scenario.ts';

export const SCENARIOS: readonly Scenario[] = [
  killedGate,
  killedAtCall,
  restartedOpening,
  stoppedGate,
  powerLoss,
  failingDisk,
  slowDisk,
  fullDisk,
  damagedFiles,
  secondGate,
  clockSteps,
  timeServers,
  dyingNeighbours,
  lostAnswers,
  badFrames,
  manyConnects,
  fullTable,
  shortMemory,
];
