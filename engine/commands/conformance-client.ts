/**
 * `clickday conformance-client`: plays a click day with troubles to whoever connects, and says
 * whether that client keeps to the protocol. Exit status 0 when nothing deviates, 1 when something
 * does or nobody came, 2 when it was called wrongly.
 */
import { systemClock, systemTimers } from '#engine/clock/index.ts';
import { createFakeDay, judgeClient, serveFakeDay } from '#engine/conformance/index.ts';
import { address, type Config } from '../config.ts';
import { tell, tellCounts } from './conformance.ts';
import { emit, say } from './context.ts';

interface Flags {
  readonly opensIn?: number;
  readonly seconds?: number;
  readonly json?: boolean;
}

const OPENS_IN_SECONDS = 20;
const PLAY_SECONDS_MAX = 90;
const LOOK_MS = 200;
/** A client that is done gets a moment to repeat what it should not. */
const AFTERWARDS_MS = 2_000;
const MS = 1_000;

export async function conformanceClient(config: Config, flags: Flags): Promise<void> {
  const timers = systemTimers();
  const opensInMs = (flags.opensIn ?? OPENS_IN_SECONDS) * MS;
  const day = createFakeDay({ clock: systemClock(), timers, opensInMs });
  const server = await serveFakeDay(day, address(config, 'gate'));
  if (flags.json) emit({ ready: true, gate: server.url });
  say(`a gate to be tried stands at ${server.url}; it opens in ${opensInMs / MS} s`);
  const pause = (ms: number) => new Promise<void>((resolve) => void timers.after(ms, resolve));
  const untilUs = day.nowUs() + (opensInMs + (flags.seconds ?? PLAY_SECONDS_MAX) * MS) * MS;
  while (!day.isDone() && day.nowUs() < untilUs) await pause(LOOK_MS);
  await pause(AFTERWARDS_MS);
  day.end();
  server.close();
  const results = judgeClient(day.seen);
  for (const result of results) {
    if (flags.json) emit({ ...result });
    else tell(result);
  }
  if (!flags.json) tellCounts(results);
  if (results.some(({ ok }) => ok === false)) process.exitCode = 1;
}
