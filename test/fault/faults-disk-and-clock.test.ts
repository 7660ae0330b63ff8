/** The disk fails, is slow, full, without power or damaged; clocks are set and lie. */
import { describe } from 'vitest';
import { playBriefly } from '#test/fault/brief.ts';
import { clockSteps } from '#test/fault/scenarios/clock-steps.ts';
import { damagedFiles } from '#test/fault/scenarios/damaged-files.ts';
import { dyingNeighbours } from '#test/fault/scenarios/dying-neighbours.ts';
import { failingDisk } from '#test/fault/scenarios/failing-disk.ts';
import { fullDisk } from '#test/fault/scenarios/full-disk.ts';
import { powerLoss } from '#test/fault/scenarios/power-loss.ts';
import { slowDisk } from '#test/fault/scenarios/slow-disk.ts';
import { timeServers } from '#test/fault/scenarios/time-servers.ts';

describe('nothing acknowledged is lost, reordered or doubled, and nobody is early, when', () => {
  playBriefly(failingDisk);
  playBriefly(slowDisk);
  playBriefly(fullDisk);
  playBriefly(powerLoss);
  playBriefly(damagedFiles);
  playBriefly(clockSteps);
  playBriefly(timeServers);
  playBriefly(dyingNeighbours);
});
