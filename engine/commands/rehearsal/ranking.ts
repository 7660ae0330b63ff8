/** The ranking as anybody rebuilds it: from the gate's public log, beside what the portal shows. */
import type { Timers } from '#engine/clock/index.ts';
import type { RankingsAnswer } from '#protocol/ranking/api.ts';
import { findRanking } from '../rank.ts';
import { portalCaller } from './portal-caller.ts';

const LOOK = { times: 50, everyMs: 200 } as const;

/** Waits ten seconds at most until the portal shows `expected` places; compares what it shows. */
export async function rebuiltRanking(options: {
  readonly portal: string;
  readonly gate: string;
  readonly timers: Timers;
  readonly expected: number;
}): Promise<{ isIdentical: boolean; places: number }> {
  const { portal, gate, timers, expected } = options;
  let clickDay = '';
  for (let times = 0; times < LOOK.times; times += 1) {
    const answer = await portalCaller(portal).call<RankingsAnswer>('GET', '/api/rankings');
    clickDay = answer.rankings[0]?.clickDay ?? '';
    if (answer.rankings[0]?.count === expected) break;
    await new Promise<void>((resolve) => void timers.after(LOOK.everyMs, resolve));
  }
  const compare = `${portal}/api/rankings/${clickDay}/list.ndjson`;
  const wish = { fromLog: [gate], clickDay, compare };
  const { isSame, comparison, rebuilt } = await findRanking(wish, () => undefined);
  return { isIdentical: isSame && comparison?.more === 0, places: rebuilt.places };
}
