/** The way to portal and gates: certificates, proxy, round trips, and whose time differs. */
import { officialTimeUs } from '#protocol/clock-estimate.ts';
import { type CheckResult, type GateProbe, type Light, probeGate } from '../core/index.ts';
import type { SelfTestParts } from './parts.ts';
import { messageOf } from './portal-checks.ts';
import { resultOf } from './texts.ts';

export const EXCHANGES = 16;
/** From here on a computer's clock should be set. */
export const CLOCK_ERROR_US_MAX = 1_000_000;
const SLOW_MEDIAN_MS = 300;
const SLOW_WORST_MS = 1_500;
const CERTIFICATE_DAYS_MIN = 14;
const MS_A_DAY = 86_400_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** One result for each host that is spoken to. */
export async function checkCertificates(
  parts: SelfTestParts,
  urls: readonly string[],
): Promise<CheckResult[]> {
  const hosts = new Map(urls.filter((url) => URL.canParse(url)).map((url) => [hostOf(url), url]));
  return Promise.all([...hosts].map(([host, url]) => checkCertificate(parts, host, url)));
}

async function checkCertificate(
  { language, host: computer, wallNowUs }: SelfTestParts,
  host: string,
  url: string,
): Promise<CheckResult> {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' || protocol === 'ws:') {
    return LOOPBACK.test(hostname)
      ? resultOf(language, 'tls', { light: 'green', what: 'tlsPlainHere', values: { host } })
      : resultOf(language, 'tls', {
          ...{ light: 'yellow', what: 'tlsPlain', todo: 'tlsPlainDo', values: { host } },
        });
  }
  try {
    const { validToMs, trouble } = await computer.certificate(url);
    const days = Math.floor((validToMs - wallNowUs() / 1000) / MS_A_DAY);
    const values = { host, days, reason: trouble ?? '' };
    const figures = { days };
    if (trouble !== undefined) {
      return resultOf(language, 'tls', {
        ...{ light: 'red', what: 'tlsWrong', todo: 'tlsWrongDo', values, figures },
      });
    }
    return days < CERTIFICATE_DAYS_MIN
      ? resultOf(language, 'tls', {
          ...{ light: 'yellow', what: 'tlsSoon', todo: 'tlsSoonDo', values, figures },
        })
      : resultOf(language, 'tls', { light: 'green', what: 'tls', values, figures });
  } catch (error) {
    const values = { host, reason: messageOf(error) };
    return resultOf(language, 'tls', {
      ...{ light: 'red', what: 'tlsUnreached', todo: 'gateFailsDo', values },
    });
  }
}

function hostOf(url: string): string {
  const { host, hostname } = new URL(url);
  return host || hostname;
}

/** A look at every gate. `passbooks` of a gate are presented to it; none: it is only greeted. */
export function probeGates(
  parts: SelfTestParts,
  gates: readonly { readonly url: string; readonly passbooks: readonly string[] }[],
): Promise<GateProbe[]> {
  const { openSocket, clock, timers } = parts;
  const ways = { openSocket, clock, timers, exchanges: EXCHANGES };
  return Promise.all(gates.map((gate) => probeGate({ ...gate, ...ways })));
}

export function gateResult({ language }: SelfTestParts, probe: GateProbe): CheckResult {
  const { url } = probe;
  if (probe.outcome !== 'reached') {
    const isRefused = probe.outcome === 'refused';
    return resultOf(language, 'gate', {
      light: 'red',
      what: isRefused ? 'gateRefuses' : 'gateFails',
      todo: isRefused ? 'gateRefusesDo' : 'gateFailsDo',
      values: { url, reason: probe.reason },
    });
  }
  const trips = probe.roundTripsUs.toSorted((a, b) => a - b);
  const median = tidyMs(trips[Math.floor(trips.length / 2)] ?? 0);
  const worst = tidyMs(trips.at(-1) ?? 0);
  const values = { url, median, worst, count: trips.length };
  const figures = { roundTripMsMedian: median, roundTripMsWorst: worst, exchanges: trips.length };
  const isSlow = median > SLOW_MEDIAN_MS || worst > SLOW_WORST_MS;
  return isSlow
    ? resultOf(language, 'gate', {
        ...{ light: 'yellow', what: 'gateSlow', todo: 'gateSlowDo', values, figures },
      })
    : resultOf(language, 'gate', { light: 'green', what: 'gate', values, figures });
}

export function proxyResult(
  { language, host }: SelfTestParts,
  probes: readonly GateProbe[],
): CheckResult {
  const set = host.proxies();
  if (set.length === 0) return resultOf(language, 'proxy', { light: 'green', what: 'proxyNone' });
  const values = { proxies: set.join(', ') };
  const isPassed = probes.length > 0 && probes.every(({ outcome }) => outcome !== 'unreachable');
  return isPassed
    ? resultOf(language, 'proxy', { light: 'green', what: 'proxyPassed', values })
    : resultOf(language, 'proxy', {
        ...{ light: 'yellow', what: 'proxyBlocks', todo: 'proxyBlocksDo', values },
      });
}

/** This computer's time of day against the gate whose time is known best. */
export function clockResult(parts: SelfTestParts, probes: readonly GateProbe[]): CheckResult {
  const { language, clock, wallNowUs } = parts;
  const reached = probes.flatMap((probe) => (probe.outcome === 'reached' ? [probe] : []));
  const [best] = reached.toSorted((a, b) => a.estimate.uncertaintyUs - b.estimate.uncertaintyUs);
  if (best === undefined) {
    return resultOf(language, 'clock', {
      ...{ light: 'red', what: 'clockUnknown', todo: 'gateFailsDo' },
    });
  }
  const errorUs = wallNowUs() - officialTimeUs(best.estimate, clock.nowUs());
  const figures = {
    errorMs: tidyMs(errorUs),
    boundMs: tidyMs(best.estimate.uncertaintyUs),
  };
  const values = { error: figures.errorMs, bound: figures.boundMs };
  const offBy = { ...values, error: Math.round(errorUs / 100_000) / 10 };
  const isOff = Math.abs(errorUs) - best.estimate.uncertaintyUs > CLOCK_ERROR_US_MAX;
  const isUnsure = reached.some(({ sync }) => sync === 'unsynchronised');
  const light: Light = isOff || isUnsure ? 'yellow' : 'green';
  if (light === 'green')
    return resultOf(language, 'clock', { light, what: 'clock', values, figures });
  return isOff
    ? resultOf(language, 'clock', {
        light,
        what: 'clockOff',
        todo: 'clockDo',
        values: offBy,
        figures,
      })
    : resultOf(language, 'clock', {
        ...{ light, what: 'clockUnsynchronised', todo: 'clockUnsynchronisedDo', values, figures },
      });
}

/** Milliseconds with one decimal. */
export function tidyMs(us: number): number {
  return Math.round(us / 100) / 10;
}
