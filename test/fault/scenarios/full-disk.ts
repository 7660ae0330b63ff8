/**
 * A file system without room, a small one in memory: when little room is left, admission stops with
 * STORAGE_UNAVAILABLE before a commit runs into it; when it is full at once, the commit that runs
 * into it is refused the same way; when there is room, the same process goes on by itself.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Outcome,
  type Play,
  roundsOf,
  type Scenario,
  summed,
} from '#test/fault/stage/scenario.ts';
import { Siege } from '#test/fault/stage/siege.ts';
import type { Scope } from '#test/support/scope.ts';

const SIZE = '160m';
const NEEDS = 'a small file system needs the right to mount one (root)';

function smallFileSystem(scope: Scope): string {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-small-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder]);
  if (mounted.status !== 0) throw new Error(`${NEEDS}: ${mounted.stderr}`);
  scope.onEnd(() => {
    spawnSync('umount', ['-l', folder]);
    rmdirSync(folder);
  });
  return folder;
}

const LITTLE_BYTES = 32 * 1024 * 1024;

/** Takes all room but `leaving` bytes. */
function fill(folder: string, leaving: number): string {
  const ballast = join(folder, 'ballast');
  const { bavail, bsize } = statfsSync(folder);
  try {
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaving), 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  return ballast;
}

async function play(play: Play): Promise<Outcome> {
  const rounds = roundsOf(play, { brief: 2, full: 10 });
  const parent = smallFileSystem(play.scope);
  const siege = new Siege(play, { accounts: 8, applications: 1_200 * rounds, parent });
  const gate = await siege.gate();
  const servingAgainMs: number[] = [];
  const failures: string[] = [];
  const refused = () => siege.book.refusals.get('STORAGE_UNAVAILABLE') ?? 0;
  for (let round = 0; round < rounds; round += 1) {
    await siege.acknowledged(100, gate);
    const before = refused();
    // Nothing at all, so that a commit runs into it; or less than the reserve.
    const ballast = fill(parent, round % 2 === 0 ? 0 : LITTLE_BYTES);
    await Promise.race([siege.book.until(() => refused() >= before + 16), gate.ended]);
    rmSync(ballast);
    if (gate.hasEnded()) {
      failures.push(`round ${round}: the gate ended: ${gate.said().slice(-400)}`);
      break;
    }
    servingAgainMs.push(Math.round(await siege.book.untilNext()));
  }
  if (failures.length > 0) return summed([{ rounds, failures }]);
  const outcome = await siege.end();
  await gate.stop();
  const notes = [`${refused()} refused with STORAGE_UNAVAILABLE, by the same process all along`];
  return summed([outcome, { rounds, servingAgainMs, failures, notes }]);
}

export const fullDisk: Scenario = {
  name: 'full-disk',
  title: 'the file system is full, then has room again',
  needsRoot: true,
  play,
};
