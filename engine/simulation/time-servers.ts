/**
 * NTP servers of the simulated world, asked through the engine's own exchange: honest ones are off
 * by less than they say, liars by whatever they like; packets take their time and get lost.
 *
 * The selection promises the truth as long as the honest are more than half of those that answer.
 * So where there are liars the honest answer always; a world in which that does not hold is marked
 * as fooled (scenario.ts), and true time is not checked there. Where all lie alike the date of each
 * gate is right, and then the truth is checked again: nobody is early.
 */
import type { HostClock, NtpServer, ntpSource } from '#engine/clock/index.ts';
import type { Dice } from './dice.ts';
import type { SimulatedProcess } from './process.ts';
import type { Schedule } from './schedule.ts';

type Ask = NonNullable<Parameters<typeof ntpSource>[0]['ask']>;

/** One server as the scenario has it. */
export interface TimeServerSetup {
  readonly address: string;
  /** Its error; an honest one says that it may be so large. */
  readonly errorUs: number;
  /** What it lies on top, from the beginning. */
  readonly lieUs: number;
  readonly lossProbability: number;
  readonly delayUsMax: number;
}

export interface TimeServers {
  readonly servers: readonly NtpServer[];
  /** How a process of this host asks. */
  askFrom(host: HostClock, process: SimulatedProcess, dice: Dice): Ask;
  /** The one that lies most. */
  worst(): readonly NtpServer[];
  /** Nobody answers until then. */
  silentUntil(us: number): void;
  /** From now on all of them lie so much, and alike; 0: they are what they were. */
  lieAll(us: number): void;
}

const TIMEOUT_US = 1_000_000;
const SERVING_US = 30;
const PORT = 123;
const EPOCH_1900_MS = Date.UTC(1900, 0, 1);
const VERSION = 4;
const MODE_SERVER = 4;
const STRATUM = 2;
const DISPERSION_US_MIN = 500;

export function createTimeServers(
  schedule: Schedule,
  setups: readonly TimeServerSetup[],
  firstLieOfAllUs = 0,
): TimeServers {
  let silentUntilUs = 0;
  let lieOfAllUs = firstLieOfAllUs;
  const known = new Map(setups.map((setup) => [setup.address, setup]));
  const duration = (us: number) => new Date(EPOCH_1900_MS + Math.ceil(us / 1000));
  /** NTP's instants, of which the library drops the fraction of a millisecond. */
  const instant = (us: number) => new Date(Math.floor(us / 1000));

  const askFrom = (host: HostClock, process: SimulatedProcess, dice: Dice): Ask => {
    return (address) =>
      new Promise((resolve, reject) => {
        const setup = known.get(address) as TimeServerSetup;
        const isLost = schedule.nowUs() < silentUntilUs || dice.chance(setup.lossProbability);
        if (isLost) {
          process.at(schedule.nowUs() + TIMEOUT_US, () => reject(new Error('no answer')));
          return;
        }
        const askedUs = host.systemUs();
        const thereUs = schedule.nowUs() + dice.between(100, setup.delayUsMax);
        const serverUs = thereUs + setup.errorUs + setup.lieUs + lieOfAllUs;
        const answer = {
          leapIndicator: 0,
          version: VERSION,
          mode: MODE_SERVER,
          stratum: STRATUM,
          rootDelay: duration(0),
          rootDispersion: duration(Math.abs(setup.errorUs) + DISPERSION_US_MIN),
          originTimestamp: instant(askedUs),
          receiveTimestamp: instant(serverUs),
          transmitTimestamp: instant(serverUs + SERVING_US),
        };
        const backUs = thereUs + SERVING_US + dice.between(100, setup.delayUsMax);
        process.at(backUs, () => resolve(answer));
      });
  };

  return {
    servers: setups.map(({ address }) => ({ host: address, port: PORT })),
    worst: () => {
      const [worst] = setups.toSorted((a, b) => Math.abs(b.lieUs) - Math.abs(a.lieUs));
      return worst === undefined ? [] : [{ host: worst.address, port: PORT }];
    },
    askFrom,
    lieAll: (us) => {
      lieOfAllUs = us;
    },
    silentUntil: (us) => {
      silentUntilUs = Math.max(silentUntilUs, us);
    },
  };
}
