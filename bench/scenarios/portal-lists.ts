/**
 * "My applications" read over and over, as on the click day: authenticated, each account its own
 * list, every answer checked. In full, as answers to "has it changed?", and while applications are
 * changed all the time.
 */
import { type ReadingPlan, type ReadingResult, readLists } from '#bench/drivers/list-readers.ts';
import { type Figure, medianAtLeast, noneOf, reported } from '#bench/figures.ts';
import type { Say } from '#bench/scenario.ts';
import { onPortalStage, type PortalStage } from '#bench/scenarios/portal-stage.ts';
import { quantile } from '#bench/statistics.ts';

export interface ListSizes {
  readonly runs: number;
  readonly accounts: number;
  readonly connections: number;
  readonly seconds: number;
}

export const FULL: ListSizes = { runs: 5, accounts: 2_000, connections: 50, seconds: 4 };
export const QUICK: ListSizes = { runs: 1, accounts: 50, connections: 10, seconds: 1 };

export const METHOD = `2,000 accounts with five applications each, all logged in, on a portal
without a gate; 50 keep-alive connections that ask by turns for the list of each (3.6 KB), one
question at a time each. The generator has one of the two cores; a run before is the warm-up. Beside
them, what a portal answers that keeps nothing: each question names another cookie besides. Every
answer is looked into: it must
hold
the account's own application and, for accounts whose applications are changed meanwhile (taken back
and made ready again, 50 times a second), nothing older than what the account had been answered.`;

const APPLICATIONS_AN_ACCOUNT = 5;
const WRITES_A_SECOND = 50;

const KINDS = [
  { name: 'in full', more: {} },
  { name: 'unchanged (304)', more: { isConditional: true } },
  { name: 'while some are changed', more: { writesPerSecond: WRITES_A_SECOND } },
  { name: 'never kept', more: { isUnkept: true } },
] as const;

export async function measureLists(sizes: ListSizes, say: Say): Promise<Figure[]> {
  const { accounts } = sizes;
  const applications = accounts * APPLICATIONS_AN_ACCOUNT;
  const wish = { accounts, applications, roles: 'portal', opensInSeconds: 3_600 } as const;
  return onPortalStage(wish, async (stage) => {
    const first = await readLists({ ...planOf(stage, sizes), isConditional: true });
    const results: ReadingResult[][] = KINDS.map(() => []);
    for (let run = 0; run < sizes.runs; run += 1) {
      for (const [at, { name, more }] of KINDS.entries()) {
        const result = await readLists({ ...planOf(stage, sizes), ...more });
        results[at]!.push(result);
        say(`${name}: ${Math.round(result.perSecond)}/s`);
      }
    }
    const told = KINDS.flatMap(({ name }, at) => figuresOf(name, results[at]!));
    const all = [first, ...results.flat()];
    return [...told, noneOf('my applications: wrong, older or another’s', all.map(faultsIn))];
  });
}

const faultsIn = ({ faults }: ReadingResult): number => faults;

function planOf({ url, visitors }: PortalStage, sizes: ListSizes): ReadingPlan {
  const readers = visitors.map(({ session, applications: [application] }) => ({
    ...{ session, application: application! },
  }));
  return { url, readers, connections: sizes.connections, seconds: sizes.seconds };
}

function figuresOf(name: string, results: readonly ReadingResult[]): Figure[] {
  const told = (what: string, value: (result: ReadingResult) => number, digits = 0): Figure => ({
    ...{ scenario: `my applications, ${name}: ${what}`, ...reported, digits },
    values: results.map(value),
  });
  const latency = (q: number) => (result: ReadingResult) => quantile(result.latenciesMs, q);
  const rate = told('answers a second', ({ perSecond }) => perSecond);
  const wanted = { target: '≥ 5,000', ...medianAtLeast(5_000) };
  return [
    name === 'never kept' ? { ...rate, worst: 'lowest' } : { ...rate, ...wanted },
    told('p50, ms', latency(0.5), 1),
    told('p99, ms', latency(0.99), 1),
    told('told to come again (503)', ({ busy }) => busy),
  ];
}
