/** Whether each account's click day is still to open, open or over, by the gate's own word. */
import type { TimeAnswer, Welcome } from '#protocol/frames.ts';
import { usFromIso } from '#protocol/time.ts';
import type { DayState, KitParts } from './kit.ts';
import type { Presented } from './papers.ts';
import { Deviation, Session } from './session.ts';

/** Accounts that are looked at; more say nothing new. */
const LOOKED_AT_MAX = 16;

/** Undefined for an account that the gate does not greet, or whose click day it does not know. */
export async function statesOf(
  parts: KitParts,
): Promise<(account: Presented) => DayState | undefined> {
  const states = new Map<Presented, DayState | undefined>();
  for (const account of parts.accounts.slice(0, LOOKED_AT_MAX)) {
    states.set(account, await stateOf(parts, account));
  }
  return (account) => states.get(account);
}

async function stateOf(parts: KitParts, account: Presented): Promise<DayState | undefined> {
  try {
    const session = await Session.open(parts.gate, parts.timers);
    try {
      session.send({ type: 'hello', passbooks: account.passbooks, client: 'kit/1' });
      const greeting = await session.next('welcome', ({ type }) => type === 'welcome');
      session.send({ type: 'time', t0: 0 });
      const time = await session.next('time', ({ type }) => type === 'time');
      const { clickDays } = greeting as unknown as Welcome;
      return stateAt(time as unknown as TimeAnswer, clickDays, account.lines[0]?.clickDay);
    } finally {
      session.end();
    }
  } catch (error) {
    if (error instanceof Deviation) return undefined;
    throw error;
  }
}

function stateAt(
  { t2Us, uncertaintyUs }: TimeAnswer,
  clickDays: Welcome['clickDays'],
  id: string | undefined,
): DayState | undefined {
  if (!Array.isArray(clickDays)) return undefined;
  const day = clickDays.find((one) => one.id === id);
  if (day === undefined) return undefined;
  if (t2Us >= usFromIso(day.closesAt)) return 'over';
  return t2Us - uncertaintyUs >= usFromIso(day.opensAt) ? 'open' : 'before';
}
