/**
 * The first frame of a waiting client over 200 simulated networks, all from seeds: never before
 * the gate lets in, soon after it, wherever the computer's own clock stands. Clients with a
 * deliberate bug must be caught, or nothing here means anything.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { GateClock, GateClocks, Lead } from '#mini-client/core/index.ts';
import {
  type Arrival,
  type ArrivalOptions,
  arrivalNetwork,
  playArrival,
} from '#test/support/arrival-networks.ts';

const NETWORKS = 200;
const SOON_US = 5_000;
const HOUR_US = 3_600_000_000;

async function playAll(options: ArrivalOptions = {}, count = NETWORKS): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  for (let seed = 1; seed <= count; seed += 1) {
    arrivals.push(await playArrival(arrivalNetwork(seed), options));
  }
  return arrivals;
}

const isEarly = ({ lateUs, isRefused }: Arrival) => lateUs < 0 || isRefused;

describe('the first frame of a waiting client', () => {
  let arrivals: Arrival[];

  beforeAll(async () => {
    arrivals = await playAll();
  });

  it('is never early', () => {
    expect(arrivals.filter(isEarly)).toEqual([]);
  });

  it('is there within 5 ms and what the client stated', () => {
    expect(arrivals.filter(({ lateUs, statedUs }) => lateUs > SOON_US + statedUs)).toEqual([]);
  });

  it('is there within 5 ms and the uncertainty of its clock, unless its packet was lost', () => {
    const late = arrivals.filter((one) => one.lateUs > SOON_US + one.uncertaintyUs);
    expect(late.filter(({ lostCount }) => lostCount === 0)).toEqual([]);
    expect(late.length).toBeLessThanOrEqual(2);
  });

  it.each([-HOUR_US, HOUR_US])('arrives as well with a clock that is %i µs wrong', async (us) => {
    const wrong = await playAll({ clockErrorUs: us });
    for (const [at, { lateUs }] of wrong.entries()) {
      // An instant goes over the line as milliseconds with a fraction: the last digit may differ.
      expect(Math.abs(lateUs - arrivals[at]!.lateUs)).toBeLessThanOrEqual(5);
    }
  });

  it('was tried on networks of every kind', () => {
    const of = (kind: (one: Arrival['network']) => boolean) =>
      arrivals.filter(({ network }) => kind(network)).length;
    expect(of(({ delayUs }) => delayUs < 5_000)).toBeGreaterThan(20);
    expect(of(({ delayUs }) => delayUs > 150_000)).toBeGreaterThan(20);
    expect(of(({ asymmetryUs }) => Math.abs(asymmetryUs) > 25_000)).toBeGreaterThan(20);
    expect(of(({ jitterUs }) => jitterUs > 10_000)).toBeGreaterThan(20);
    expect(of(({ loss }) => loss > 0.01)).toBeGreaterThan(20);
  });
});

/** A sender's clocks, with something else in place of what they say of the ways there. */
function spoilt(change: (lead: Lead) => Lead): (clocks: GateClocks) => GateClocks {
  const spoil = (clock: GateClock): GateClock => ({
    ...clock,
    lead: (clientUs) => {
      const lead = clock.lead(clientUs);
      return lead === undefined ? undefined : change(lead);
    },
  });
  return (clocks) => ({ of: (url) => spoil(clocks.of(url)) });
}

describe('a client that leaves too early', () => {
  const early = async (options: ArrivalOptions) => (await playAll(options, 60)).filter(isEarly);

  it('is caught when it aims at the slowest way it saw', async () => {
    const options = { spoilt: spoilt((lead) => ({ ...lead, soonestUs: lead.latestUs })) };
    expect((await early(options)).length).toBeGreaterThan(10);
  });

  it('is caught when it forgets how uncertain the gate’s clock is', async () => {
    const options = { spoilt: spoilt((lead) => ({ ...lead, gateUncertaintyUs: 0 })) };
    expect((await early(options)).length).toBeGreaterThan(10);
  });

  it('is caught when it wants to be there before the opening', async () => {
    expect((await early({ margin: -60 })).length).toBeGreaterThan(30);
  });
});

describe('a client that waits until it is certain', () => {
  it('is never early either, and later by up to a round trip', async () => {
    const [certain, measured] = [await playAll({ margin: 'certain' }, 60), await playAll({}, 60)];
    expect(certain.filter(isEarly)).toEqual([]);
    const median = (all: Arrival[]) =>
      all.map(({ lateUs }) => lateUs).sort((one, other) => one - other)[all.length / 2]!;
    expect(median(certain)).toBeGreaterThan(2 * median(measured));
  });
});
