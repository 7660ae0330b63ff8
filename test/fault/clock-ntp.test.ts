/**
 * NTP over real UDP: servers that are slow, lopsided, lying, silent or speak nonsense. Whatever
 * they do, the true offset is within the stated error or there is no estimate.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ClockStatus,
  createDisciplinedClock,
  ntpSource,
  systemHostClock,
  systemTimers,
} from '../../engine/clock/index.ts';
import { silentLog } from '../../engine/foundation/log.ts';
import { type Responder, type ResponderBehaviour, startResponder } from './clock-responder.ts';

const host = systemHostClock();
const timers = systemTimers();
const started: Responder[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((responder) => responder.close()));
});

async function start(behaviour: ResponderBehaviour = {}): Promise<Responder> {
  const responder = await startResponder(behaviour);
  started.push(responder);
  return responder;
}

function sourceOf(servers: readonly { port: number; host?: string }[]) {
  const named = servers.map((server) => ({ host: server.host ?? '127.0.0.1', port: server.port }));
  const options = { timeoutMs: 300, burstGapMs: 5 };
  return ntpSource({ servers: named, host, timers, options });
}

async function measure(servers: readonly { port: number }[], burst = true) {
  const answer = await sourceOf(servers).poll(burst);
  if (answer.kind === 'failed') throw new Error(`no estimate: ${answer.failure}`);
  return answer;
}

describe('the offset over UDP', () => {
  it.each<[string, ResponderBehaviour]>([
    ['at once', {}],
    ['ninety seconds ahead', { offsetUs: 90_000_000 }],
    ['an hour behind', { offsetUs: -3_600_000_000 }],
    ['20 ms each way', { delayOutMs: 20, delayBackMs: 20 }],
    ['5 ms ahead with 20 ms each way', { offsetUs: 5_000, delayOutMs: 20, delayBackMs: 20 }],
    ['slow on the way out', { delayOutMs: 40 }],
    ['slow on the way back', { delayBackMs: 40 }],
  ])('holds the truth within its error: %s', async (_name, behaviour) => {
    const responder = await start(behaviour);
    const { estimate } = await measure([responder]);
    const distanceUs = Math.abs(estimate.offsetUs - responder.truthUs());
    expect(distanceUs).toBeLessThanOrEqual(estimate.errorUs);
    const oneWayMs = ((behaviour.delayOutMs ?? 0) + (behaviour.delayBackMs ?? 0)) / 2;
    expect(estimate.errorUs).toBeGreaterThan(oneWayMs * 1000 - 2_000);
    expect(responder.questions()).toBe(8);
  });

  it('finds an offset smaller than the delay, where the formula of the library fails', async () => {
    const responder = await start({ delayOutMs: 20, delayBackMs: 20 });
    const { estimate } = await measure([responder]);
    expect(Math.abs(estimate.offsetUs - responder.truthUs())).toBeLessThan(10_000);
  });
});

describe('servers that misbehave', () => {
  it('outvotes a liar among three', async () => {
    const servers = [await start(), await start({ offsetUs: 10_000_000 }), await start()];
    const { estimate, servers: reports } = await measure(servers);
    expect(reports.map((report) => report.outcome)).toEqual(['used', 'outvoted', 'used']);
    const truthUs = servers[0]?.truthUs() ?? Number.NaN;
    expect(Math.abs(estimate.offsetUs - truthUs)).toBeLessThanOrEqual(estimate.errorUs + 5);
  });

  it('believes nobody when none agree', async () => {
    const offsets = [0, 10_000_000, -10_000_000];
    const servers = await Promise.all(offsets.map((offsetUs) => start({ offsetUs })));
    const answer = await sourceOf(servers).poll(true);
    expect(answer).toMatchObject({ kind: 'failed', failure: 'NO_MAJORITY' });
  });

  it.each<[string, string, ResponderBehaviour]>([
    ['silent', 'NO_ANSWER', { instead: 'silent' }],
    ['answering with an empty datagram', 'ANSWER_REFUSED', { instead: Buffer.alloc(0) }],
    ['answering with half a packet', 'ANSWER_REFUSED', { instead: Buffer.alloc(20, 0x24) }],
    ['answering with noise', 'ANSWER_REFUSED', { instead: Buffer.alloc(9_000, 0x24) }],
    ['begging to be left alone', 'NOT_SYNCHRONISED', { stratum: 0 }],
  ])('names one that is %s', async (_name, failure, behaviour) => {
    const responder = await start(behaviour);
    const answer = await sourceOf([responder]).poll(true);
    expect(answer).toMatchObject({ kind: 'failed', failure });
    expect(responder.questions()).toBe(failure === 'NO_ANSWER' ? 2 : 1);
  });

  it('names a server that nobody runs and a name that does not exist', async () => {
    const probe = createSocket('udp4').bind(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    await new Promise<void>((resolve) => void probe.close(() => resolve()));
    const answer = await sourceOf([{ port }, { host: 'nobody.invalid', port: 123 }]).poll(true);
    expect(answer.servers.map((report) => report.outcome)).toEqual([
      'NO_ANSWER',
      'NAME_NOT_RESOLVED',
    ]);
  });

  it('resolves a name before asking', async () => {
    const { port } = await start();
    const answer = await sourceOf([{ host: 'localhost', port }]).poll(false);
    expect(answer.servers).toMatchObject([{ server: `localhost:${port}`, outcome: 'used' }]);
  });
});

describe('the clock on a server that comes and goes', () => {
  it('synchronises, goes into holdover when it falls silent, and comes back', async () => {
    const responder = await start({ offsetUs: 60_000_000 });
    const states: string[] = [];
    let changed: (status: ClockStatus) => void = () => {};
    const next = () =>
      new Promise<ClockStatus>((resolve) => {
        changed = resolve;
      });
    const clock = createDisciplinedClock({
      ...{ host, timers, log: silentLog(), sources: [sourceOf([responder])] },
      // The responder is off this host's date by more than would be believed without a word.
      options: {
        ...{ pollMs: 30, retryMs: 30, holdoverAfterMs: 1_000, tickMs: 10 },
        believe: 'servers',
      },
      onChange(status) {
        states.push(status.sync);
        changed(status);
      },
    });
    const first = await clock.start();
    expect(Math.abs(first.nowUs - host.systemUs() - 60_000_000)).toBeLessThan(1_000_000);
    const lost = next();
    responder.behaviour.instead = 'silent';
    await lost;
    const back = next();
    delete responder.behaviour.instead;
    await back;
    clock.stop();
    expect(states).toEqual(['synchronised', 'holdover', 'synchronised']);
  });
});
