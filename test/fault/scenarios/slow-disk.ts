/**
 * A disk that takes 50, 500 or 5,000 ms for each sync: acknowledgements are late and none comes
 * before its sync, order is kept, memory stays bounded, and who sends more than may wait is told so
 * (RATE_LIMITED) instead of being kept in memory.
 */
import { join } from 'node:path';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { Siege } from '#test/fault/stage/siege.ts';
import { belowStrace, ledgerCalls } from '#test/fault/stage/strace.ts';
import { residentBytes } from '#test/support/processes.ts';

const DELAYS_MS = [50, 500, 5_000];
const BRIEF_MS = [500];
/** Opening syncs three times, so a slow disk is felt before the first commit. */
const COMMITS = 4;
const GROWTH_BYTES_MAX = 96 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;
/** More than may wait on one connection (1,024) and be in flight (8). */
const IN_FLIGHT = 1_200;
const ACCOUNTS = 6;

async function slowed(play: Play, delayMs: number): Promise<Outcome> {
  const siege = new Siege(play, { accounts: ACCOUNTS, applications: 3_000, inFlight: IN_FLIGHT });
  const { data, folder } = siege.stage;
  const trace = join(folder, 'trace');
  const injections = [`fdatasync:delay_enter=${delayMs * 1_000}`];
  const gate = await siege.gate({ below: belowStrace({ data, trace, injections }) });
  const startBytes = residentBytes(gate.pid);
  const startMs = performance.now();
  const before = syncs(trace);
  await siege.acknowledged(1, gate);
  const firstMs = performance.now() - startMs;
  await siege.book.until(() => syncs(trace) >= before + COMMITS);
  const grownBytes = residentBytes(gate.pid) - startBytes;
  const told = siege.book.acknowledged.size;
  gate.signal('SIGKILL'); // with thousands waiting it would take minutes to end in peace
  await gate.ended;
  await siege.gate();
  const outcome = await siege.end();
  const limited = siege.book.refusals.get('RATE_LIMITED') ?? 0;
  const grown = Math.round(grownBytes / MEGABYTE);
  return summed([
    outcome,
    {
      rounds: 1,
      notes: [`${delayMs} ms: ${told} in ${COMMITS} commits, ${grown} MB more memory`],
      failures: [
        ...(limited === 0 ? [`${delayMs} ms: nobody was told RATE_LIMITED`] : []),
        ...(firstMs < delayMs ? [`${delayMs} ms: answered after ${firstMs} ms`] : []),
        ...(grownBytes > GROWTH_BYTES_MAX ? [`${delayMs} ms: ${grown} MB more memory`] : []),
      ],
    },
  ]);
}

function syncs(trace: string): number {
  return ledgerCalls(trace).filter(({ name }) => name === 'fdatasync').length;
}

async function play(play: Play): Promise<Outcome> {
  const parts: Outcome[] = [];
  for (const delayMs of play.isBrief ? BRIEF_MS : DELAYS_MS) {
    play.say(`each sync takes ${delayMs} ms`);
    parts.push(await slowed(play, delayMs));
  }
  return summed(parts);
}

export const slowDisk: Scenario = {
  name: 'slow-disk',
  title: 'each sync takes 50, 500, 5,000 ms',
  play,
};
