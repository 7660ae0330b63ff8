/** The computer itself: its time of day against time servers, its disk, its power. */
import { bestEstimate, officialTimeUs } from '#protocol/clock-estimate.ts';
import type { CheckResult } from '../core/index.ts';
import { CLOCK_ERROR_US_MAX, tidyMs } from './network-checks.ts';
import type { SelfTestParts } from './parts.ts';
import { messageOf } from './portal-checks.ts';
import { resultOf } from './texts.ts';

/** The national metrology institute's: the legal time of Italy. */
export const NTP_SERVERS = ['ntp1.inrim.it', 'ntp2.inrim.it'] as const;
const NTP_QUESTIONS = 4;
const BYTES_A_MB = 1_000_000;
const FREE_MB_MIN = 20;
const FREE_MB_FEW = 200;
const SYNC_MS_MAX = 300;
/** A computer that sleeps before that sleeps while somebody waits for the opening. */
const SLEEP_MINUTES_MIN = 180;

/** The server that is known best; yellow when none answers: sending does not need one. */
export async function checkNtp(parts: SelfTestParts): Promise<CheckResult> {
  const { language, clock, wallNowUs, ntpServers = NTP_SERVERS } = parts;
  const asked = await Promise.all(ntpServers.map((server) => askServer(parts, server)));
  const answered = asked.flatMap((one) => one ?? []);
  const [best] = answered.toSorted((a, b) => a.estimate.uncertaintyUs - b.estimate.uncertaintyUs);
  if (best === undefined) {
    const values = { servers: ntpServers.join(', ') };
    return resultOf(language, 'ntp', {
      ...{ light: 'yellow', what: 'ntpUnreached', todo: 'ntpUnreachedDo', values },
    });
  }
  const { server, estimate } = best;
  const errorUs = wallNowUs() - officialTimeUs(estimate, clock.nowUs());
  const figures = { errorMs: tidyMs(errorUs), boundMs: tidyMs(estimate.uncertaintyUs), server };
  const values = { error: figures.errorMs, bound: figures.boundMs, server };
  return Math.abs(errorUs) - estimate.uncertaintyUs > CLOCK_ERROR_US_MAX
    ? resultOf(language, 'ntp', {
        ...{ light: 'yellow', what: 'ntpOff', todo: 'clockDo', values, figures },
      })
    : resultOf(language, 'ntp', { light: 'green', what: 'ntp', values, figures });
}

async function askServer({ host, clock }: SelfTestParts, server: string) {
  const exchanges = [];
  for (let question = 0; question < NTP_QUESTIONS; question += 1) {
    const exchange = await host.askNtp(server);
    if (exchange === undefined) break; // a server that is silent once is not waited for again
    exchanges.push(exchange);
  }
  const estimate = bestEstimate(exchanges, clock.nowUs());
  return estimate && { server, estimate };
}

export async function checkDisk({ language, host }: SelfTestParts): Promise<CheckResult> {
  try {
    const { path, freeBytes, syncMs } = await host.disk();
    const free = Math.floor(freeBytes / BYTES_A_MB);
    const sync = Math.round(syncMs * 10) / 10;
    const [values, figures] = [
      { path, free, sync },
      { freeBytes, syncMs: sync },
    ];
    if (free < FREE_MB_FEW) {
      const light = free < FREE_MB_MIN ? 'red' : 'yellow';
      return resultOf(language, 'disk', {
        ...{ light, what: 'diskLow', todo: 'diskLowDo', values, figures },
      });
    }
    return syncMs > SYNC_MS_MAX
      ? resultOf(language, 'disk', {
          ...{ light: 'yellow', what: 'diskSlow', todo: 'diskSlowDo', values, figures },
        })
      : resultOf(language, 'disk', { light: 'green', what: 'disk', values, figures });
  } catch (error) {
    const values = { reason: messageOf(error) };
    return resultOf(language, 'disk', {
      ...{ light: 'red', what: 'diskFails', todo: 'diskFailsDo', values },
    });
  }
}

export async function checkPower({ language, host }: SelfTestParts): Promise<CheckResult> {
  const { supply, sleepsAfterMinutes: minutes = 0 } = await host.power();
  const id = 'power';
  if (supply === 'battery') {
    return resultOf(language, id, {
      light: 'yellow',
      what: 'powerBattery',
      todo: 'powerBatteryDo',
    });
  }
  if (minutes > 0 && minutes < SLEEP_MINUTES_MIN) {
    return resultOf(language, id, {
      ...{ light: 'yellow', what: 'powerSleeps', todo: 'powerSleepsDo', values: { minutes } },
    });
  }
  if (supply === 'unknown') {
    return resultOf(language, id, { light: 'green', what: 'powerUnknown', todo: 'powerUnknownDo' });
  }
  const what = supply === 'mains' ? 'powerMains' : 'powerNone';
  return resultOf(language, id, { light: 'green', what });
}
