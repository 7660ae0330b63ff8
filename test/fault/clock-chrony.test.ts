/**
 * The clock against the real chrony: `chronyd -x` on loopback (which leaves this machine's clock
 * alone), as a server of NTP and as the local daemon that is asked for its tracking. In CI a
 * missing chrony or faketime fails the test; elsewhere it is named as the reason for not running.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { readTracking, trackingQuestion } from '../../engine/clock/chrony-packet.ts';
import { alignSystemOffset } from '../../engine/clock/host.ts';
import {
  chronySource,
  createDisciplinedClock,
  ntpSource,
  type SourceAnswer,
  systemHostClock,
  systemTimers,
  type TimeSource,
} from '../../engine/clock/index.ts';
import { silentLog } from '../../engine/foundation/log.ts';

const host = systemHostClock();
const timers = systemTimers();
/** Debian keeps daemons where the PATH of an ordinary shell does not look. */
const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
const missing = missingReason();
const directory = mkdtempSync(join(tmpdir(), 'clickday-chrony-'));
const children: ChildProcess[] = [];
const ERROR_US_GOOD = 10_000;
const AHEAD_US = 90_000_000;

interface Ports {
  readonly true: { ntp: number; command: number };
  readonly ahead: { ntp: number; command: number };
  readonly follower: { command: number };
}
let ports: Ports;

beforeAll(async () => {
  if (missing !== undefined) return;
  const [a, b, c, d, e] = (await freePorts(5)) as [number, number, number, number, number];
  ports = {
    true: { ntp: a, command: b },
    ahead: { ntp: c, command: d },
    follower: { command: e },
  };
  const serving = (ntp: number) => `local stratum 3\nport ${ntp}\nallow 127.0.0.1\n`;
  startChrony('true', serving(a), b, []);
  startChrony('ahead', serving(c), d, ['faketime', '-f', '+90s']);
  startChrony(
    'follower',
    `server 127.0.0.1 port ${c} iburst minpoll -4 maxpoll 0\nport 0\n`,
    e,
    [],
  );
});

afterAll(async () => {
  for (const child of children) await end(child);
  rmSync(directory, { recursive: true, force: true });
});

/** Why chrony cannot run here, or undefined when it can. */
function missingReason(): string | undefined {
  if (process.getuid?.() !== 0) return 'chronyd needs root';
  for (const command of ['chronyd', 'faketime']) {
    const { error } = spawnSync(command, ['--version'], { env, stdio: 'ignore', timeout: 5_000 });
    if (error !== undefined)
      return `${command} is not installed (Debian packages chrony, faketime)`;
  }
  return undefined;
}

/** Without chrony: not run, with the reason; in CI that is a failure. */
function needChrony(context: TestContext): void {
  if (missing === undefined) return;
  if (process.env.CI) throw new Error(`the clock was not tested against chrony: ${missing}`);
  context.skip(missing);
}

async function freePorts(count: number): Promise<number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4'));
  for (const socket of sockets) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
  }
  const found = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((s) => new Promise<void>((done) => void s.close(() => done()))));
  return found;
}

function startChrony(name: string, lines: string, commandPort: number, wrapper: string[]): void {
  const file = join(directory, `${name}.conf`);
  const own = [
    'bindaddress 127.0.0.1',
    `cmdport ${commandPort}`,
    'bindcmdaddress 127.0.0.1',
    'bindcmdaddress /',
    `pidfile ${join(directory, `${name}.pid`)}`,
  ];
  writeFileSync(file, `${lines}${own.join('\n')}\n`);
  const command = [...wrapper, 'chronyd', '-x', '-u', 'root', '-n', '-f', file];
  // A group of its own, because faketime's child would outlive faketime.
  const child = spawn(command[0] ?? '', command.slice(1), { env, stdio: 'ignore', detached: true });
  children.push(child);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

/**
 * Polls until the daemon has come up (chrony's first report is rough, and says so); fails with
 * its last answer after ten seconds.
 */
async function estimateOf(source: TimeSource) {
  const giveUpUs = host.monotonicUs() + 10_000_000;
  let answer: SourceAnswer = await source.poll(true);
  while (answer.kind === 'failed' || answer.estimate.errorUs > ERROR_US_GOOD) {
    if (host.monotonicUs() > giveUpUs) throw new Error(`no estimate: ${JSON.stringify(answer)}`);
    await new Promise<void>((resolve) => void timers.after(50, resolve));
    answer = await source.poll(true);
  }
  return answer.estimate;
}

const ntp = (...numbers: number[]) =>
  ntpSource({
    servers: numbers.map((port) => ({ host: '127.0.0.1', port })),
    ...{ host, timers, options: { timeoutMs: 500, burstGapMs: 5 } },
  });
const chrony = (port: number) =>
  chronySource({ host, timers, options: { port, timeoutMs: 2_000 } });

/** How far the estimate is from the system's date, beyond what measuring the date leaves open. */
function distanceUs(estimate: { readonly offsetUs: number }, aheadUs: number): number {
  const system = alignSystemOffset(host);
  return Math.abs(estimate.offsetUs - system.offsetUs - aheadUs) - system.errorUs;
}

describe('chronyd as an NTP server', () => {
  it('is measured within the stated error', async (context) => {
    needChrony(context);
    const estimate = await estimateOf(ntp(ports.true.ntp));
    expect(distanceUs(estimate, 0)).toBeLessThanOrEqual(estimate.errorUs);
  });

  it('is measured within the stated error when it is 90 s ahead', async (context) => {
    needChrony(context);
    const estimate = await estimateOf(ntp(ports.ahead.ntp));
    expect(distanceUs(estimate, AHEAD_US)).toBeLessThanOrEqual(estimate.errorUs);
  });

  it('is not believed when a second one is 90 s off: no majority', async (context) => {
    needChrony(context);
    await Promise.all([estimateOf(ntp(ports.true.ntp)), estimateOf(ntp(ports.ahead.ntp))]);
    const answer = await ntp(ports.true.ntp, ports.ahead.ntp).poll(true);
    expect(answer).toMatchObject({ kind: 'failed', failure: 'NO_MAJORITY' });
  });
});

describe('chronyd as the keeper of this host', () => {
  it('gives the true time of its reference, with the right sign', async (context) => {
    needChrony(context);
    const estimate = await estimateOf(chrony(ports.follower.command));
    expect(distanceUs(estimate, AHEAD_US)).toBeLessThanOrEqual(estimate.errorUs);
  });

  it('is refused while its only reference is its own clock', async (context) => {
    needChrony(context);
    await estimateOf(ntp(ports.true.ntp));
    const answer = await chrony(ports.true.command).poll(false);
    expect(answer).toMatchObject({ kind: 'failed', failure: 'NOT_SYNCHRONISED' });
  });

  it('is preferred to NTP, and NTP stands in for it once it is dead', async (context) => {
    needChrony(context);
    await Promise.all([
      estimateOf(chrony(ports.follower.command)),
      estimateOf(ntp(ports.ahead.ntp)),
    ]);
    const clock = createDisciplinedClock({
      ...{ host, timers, log: silentLog() },
      sources: [chrony(ports.follower.command), ntp(ports.ahead.ntp)],
      // They are a minute and a half off this host's date, which is what doubt is for.
      options: { believe: 'servers' },
    });
    const reading = await clock.start();
    expect(clock.status().source).toBe('chrony');
    expect(reading.sync).toBe('synchronised');
    const wrongUs = Math.abs(reading.nowUs - host.systemUs() - AHEAD_US);
    expect(wrongUs).toBeLessThan(reading.uncertaintyUs + 20_000);
    clock.stop();
    const follower = children[2];
    if (follower !== undefined) await end(follower);
    await clock.start();
    expect(clock.status().source).toBe('ntp');
    clock.stop();
  });
});

describe('the answer about tracking', () => {
  /** What a chrony 4.3 that follows a server 90 s ahead sent to question 7. */
  const recorded = [
    '060200000021000500000000000000000000000700000000000000007f0000017f00000100000000',
    '00000000000000000001000000040000000000006b0445df0444431410b40001d8871f7fdef5e2be',
    'f8de159df8818cbf00f628b9e4d96ec7defb93c402825ecf',
  ];
  const answer = () => Buffer.from(recorded.join(''), 'hex');

  it('is read as chronyc printed it', () => {
    const tracking = readTracking(answer(), 7);
    expect(tracking?.synchronised).toBe(true);
    expect(tracking?.correctionUs).toBeCloseTo(90_000_007.629, 2);
    expect(tracking?.rootDelayUs).toBeCloseTo(25.92, 2);
    expect(tracking?.rootDispersionUs).toBeCloseTo(3.749, 2);
  });

  it('is read with a negative correction: the system is fast', () => {
    const packet = answer();
    packet.writeUInt32BE(0xe3800000, 68); // exponent −15, coefficient −2^23
    expect(readTracking(packet, 7)?.correctionUs).toBeCloseTo(-(2 ** -17) * 1e6, 6);
  });

  it.each<[string, (packet: Buffer) => void]>([
    ['its own clock', (packet) => packet.writeUInt32BE(0x7f7f0101, 28)],
    ['no reference', (packet) => packet.writeUInt32BE(0, 28)],
    ['the leap alarm', (packet) => packet.writeUInt16BE(3, 54)],
  ])('is not one of a synchronised host with %s', (_name, change) => {
    const packet = answer();
    change(packet);
    expect(readTracking(packet, 7)?.synchronised).toBe(false);
  });

  it.each<[string, Buffer]>([
    ['cut short', answer().subarray(0, 103)],
    ['empty', Buffer.alloc(0)],
    ['the question itself', trackingQuestion(7)],
    ['a refusal', Buffer.from(answer().fill(2, 8, 10))],
  ])('is refused when it is %s', (_name, packet) => {
    expect(readTracking(packet, 7)).toBeUndefined();
  });

  it('is refused when it belongs to another question', () => {
    expect(readTracking(answer(), 8)).toBeUndefined();
  });

  it('is missing at once where no daemon listens', async () => {
    const [port] = (await freePorts(1)) as [number];
    const startedUs = host.monotonicUs();
    expect(await chrony(port).poll(false)).toMatchObject({ kind: 'failed', failure: 'NO_ANSWER' });
    expect(host.monotonicUs() - startedUs).toBeLessThan(1_500_000);
  });
});
