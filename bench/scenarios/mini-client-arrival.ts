/**
 * How soon after the opening the first frame of a waiting mini-client arrives: its core against a
 * simulated gate and line, from seeds, so that the figures are the same on every machine.
 */
import { atMost, type Figure, noneOf, reported } from '#bench/figures.ts';
import type { Say } from '#bench/scenario.ts';
import {
  type Arrival,
  type ArrivalOptions,
  arrivalNetwork,
  playArrival,
} from '#test/support/arrival-networks.ts';

const SOON_MS = 5;

/** How soon after the opening the first frame arrives, over so many networks. */
export async function arrivalFigures(networks: number, say: Say): Promise<Figure[]> {
  const seeds = Array.from({ length: networks }, (_, index) => index + 1);
  const playAll = async (options?: ArrivalOptions) => {
    const arrivals: Arrival[] = [];
    for (const seed of seeds) arrivals.push(await playArrival(arrivalNetwork(seed), options));
    return arrivals;
  };
  const arrivals = await playAll();
  const wrong = await playAll({ clockErrorUs: 3_600_000_000 });
  const certain = await playAll({ margin: 'certain' });
  const hasty = await playAll({ spoilt: aimingAtTheSlowest });
  const shiftsUs = wrong.map(({ lateUs }, at) => Math.abs(lateUs - arrivals[at]!.lateUs));
  const name = `${networks} networks`;
  say(`${name}: ${earlyIn(arrivals)} early`);
  return [
    noneOf(`${name}: arrived before the opening`, [earlyIn(arrivals)]),
    {
      ...{ scenario: `${name}: after the opening beyond what was stated, ms`, digits: 1 },
      ...{ target: `≤ ${SOON_MS}`, ...atMost(SOON_MS) },
      values: arrivals.map(({ lateUs, statedUs }) => (lateUs - statedUs) / 1_000),
    },
    {
      ...{ scenario: `${name}: after the opening beyond the clock's uncertainty, ms`, digits: 1 },
      ...{ target: `≤ ${SOON_MS}, packet not lost`, ...atMost(SOON_MS) },
      values: arrivals
        .filter(({ lostCount }) => lostCount === 0)
        .map(({ lateUs, uncertaintyUs }) => (lateUs - uncertaintyUs) / 1_000),
    },
    latenessOf(`${name}: after the opening, ms`, arrivals),
    latenessOf(`${name}: after the opening when it must be certain, ms`, certain),
    {
      ...{ scenario: `${name}: difference with a clock an hour wrong, ms`, digits: 3 },
      ...{ target: '≤ 0.01', ...atMost(0.01), values: shiftsUs.map((us) => us / 1_000) },
    },
    {
      ...{ scenario: `${name}: early when it aims at the slowest way`, target: '0', ...atMost(0) },
      ...{ isControl: true, values: [earlyIn(hasty)] },
    },
  ];
}

const earlyIn = (arrivals: readonly Arrival[]) =>
  arrivals.filter(({ lateUs, isRefused }) => lateUs < 0 || isRefused).length;

function latenessOf(scenario: string, arrivals: readonly Arrival[]): Figure {
  return {
    ...{ scenario, ...reported, digits: 1 },
    values: arrivals.map(({ lateUs }) => lateUs / 1_000),
  };
}

type Clocks = Parameters<NonNullable<ArrivalOptions['spoilt']>>[0];

function aimingAtTheSlowest(clocks: Clocks): Clocks {
  return {
    of: (url) => {
      const clock = clocks.of(url);
      const lead: typeof clock.lead = (clientUs) => {
        const known = clock.lead(clientUs);
        return known === undefined ? undefined : { ...known, soonestUs: known.latestUs };
      };
      return { ...clock, lead };
    },
  };
}
