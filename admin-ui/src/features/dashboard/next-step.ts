/**
 * What a person with applications does next: one thing. Pure: how many applications stand where and
 * what the official clock says of the click day in, the state and its one action out.
 *
 *     nothing → to complete → ready → on the day → accepted → receipts
 *
 * Something on its way to the gate comes before what is still being written: on the day, ready
 * applications are named first. Then what the help desk waits for: a question of a minute, without
 * which somebody's answer stands still.
 */
import type { Application } from '#protocol/portal-api.ts';

export type Stage =
  | 'asked'
  | 'nothing'
  | 'toComplete'
  | 'ready'
  | 'onTheDay'
  | 'accepted'
  | 'receipts';

/** How many applications stand where. */
export type Tally = Readonly<Record<Application['status'], number>>;

export interface NextStep {
  readonly stage: Stage;
  /** How many applications, or requests to the help desk, it is about. */
  readonly count: number;
  readonly href: string;
}

/**
 * @param only the application, when there is no other: its own page is the shortest way
 * @param isDay a click day opens within 24 hours or is open
 * @param asked requests in which the help desk waits for an answer
 */
export function nextStepOf(wish: {
  readonly tally: Tally;
  readonly only: Application | null;
  readonly isDay: boolean;
  readonly asked: readonly string[];
}): NextStep {
  const { tally, only, isDay, asked } = wish;
  const own = only === null ? '/applications' : `/applications/${only.id}`;
  if (tally.ready > 0 && isDay) {
    return { stage: 'onTheDay', count: tally.ready, href: '/mini-client' };
  }
  if (asked.length > 0) {
    const place = asked.length === 1 ? `/${asked[0]}` : '';
    return { stage: 'asked', count: asked.length, href: `/help/requests${place}` };
  }
  if (tally.draft > 0) return { stage: 'toComplete', count: tally.draft, href: draftHref(only) };
  if (tally.ready > 0) return { stage: 'ready', count: tally.ready, href: '/mini-client' };
  if (tally.submitted > 0) return { stage: 'accepted', count: tally.submitted, href: own };
  if (tally.receipt > 0) return { stage: 'receipts', count: tally.receipt, href: own };
  return { stage: 'nothing', count: 0, href: '/applications/new' };
}

/** Counts a list that is whole. */
export function tallyOf(applications: readonly Application[]): Tally {
  const tally = { draft: 0, ready: 0, submitted: 0, receipt: 0 };
  for (const { status } of applications) tally[status] += 1;
  return tally;
}

function draftHref(only: Application | null): string {
  if (only === null) return '/applications';
  const page = only.pages.find(({ complete }) => !complete);
  return `/applications/${only.id}/${page ? `pages/${page.number}` : 'review'}`;
}
