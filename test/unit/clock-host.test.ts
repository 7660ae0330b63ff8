/** The host's clocks joined at the edge of a millisecond, and the list of servers. */
import { describe, expect, it } from 'vitest';
import { alignSystemOffset } from '../../engine/clock/host.ts';
import { parseNtpServers, systemClock, systemHostClock } from '../../engine/clock/index.ts';
import { watchSystemDate } from '../../engine/clock/system-date.ts';

/** Clocks that move on by `stepUs` with each look, the date being `offsetUs` ahead. */
function steppingHost(offsetUs: number, stepUs: number) {
  let monotonicUs = 0;
  const move = () => (monotonicUs += stepUs);
  return {
    monotonicUs: move,
    systemUs: () => Math.floor((move() + offsetUs) / 1000) * 1000,
    looks: () => monotonicUs / stepUs,
  };
}

describe('the date against the monotonic clock', () => {
  it.each([
    ['fine steps', 1],
    ['coarse steps', 130],
  ])('is found within the stated error: %s', (_name, stepUs) => {
    for (const offsetUs of [1.7e15, 1.7e15 + 1, 1.7e15 + 499, 1.7e15 + 999]) {
      const found = alignSystemOffset(steppingHost(offsetUs, stepUs));
      expect(Math.abs(found.offsetUs - offsetUs)).toBeLessThanOrEqual(found.errorUs);
      expect(found.errorUs).toBeLessThanOrEqual(3 * stepUs);
    }
  });

  it('looks for another edge when the first one was held up, and keeps the sharper', () => {
    const offsetUs = 1.7e15 + 300;
    // Looks of 1 µs, but 400 µs and then 80 µs over the first two edges.
    let monotonicUs = 0;
    const move = () => {
      const held = monotonicUs === 600 ? 400 : monotonicUs === 1_690 ? 80 : 1;
      monotonicUs += held;
      return monotonicUs;
    };
    const found = alignSystemOffset({
      monotonicUs: move,
      systemUs: () => Math.floor((move() + offsetUs) / 1000) * 1000,
    });
    expect(found.errorUs).toBeLessThanOrEqual(45);
    expect(Math.abs(found.offsetUs - offsetUs)).toBeLessThanOrEqual(found.errorUs);
  });

  it('gives up after two milliseconds when the date stands still, and says so', () => {
    const host = { ...steppingHost(0, 10), systemUs: () => 7_000 };
    const found = alignSystemOffset(host);
    expect(host.looks()).toBeLessThan(220);
    expect(found.errorUs).toBeGreaterThanOrEqual(500);
  });

  it('gives up when both clocks stand still', () => {
    const found = alignSystemOffset({ monotonicUs: () => 0, systemUs: () => 7_000 });
    expect(found).toEqual({ offsetUs: 7_500, errorUs: 500 });
  });

  it('tells a step of the date and follows it', () => {
    let dateUs = 5_000_000;
    const system = watchSystemDate({ monotonicUs: () => 0, systemUs: () => dateUs });
    expect(system.observe()).toBe(0);
    dateUs += 2_000_000;
    expect(Math.abs(system.observe() - 2_000_000)).toBeLessThanOrEqual(1_000);
    expect(system.observe()).toBe(0);
  });

  it('agrees with the real date in the clock for tools', () => {
    const clock = systemClock({ host: systemHostClock(), uncertaintyUs: 42_000 });
    const beforeMs = Date.now();
    const reading = clock.read();
    const afterMs = Date.now();
    const alignmentUs = reading.uncertaintyUs - 42_000;
    expect(alignmentUs).toBeGreaterThan(0);
    expect(reading.nowUs).toBeGreaterThanOrEqual(beforeMs * 1000 - alignmentUs);
    expect(reading.nowUs).toBeLessThanOrEqual((afterMs + 1) * 1000 + alignmentUs);
    expect(reading.sync).toBe('unsynchronised');
    expect(Number.isInteger(reading.nowUs)).toBe(true);
  });
});

describe('the list of NTP servers', () => {
  it.each([
    ['', []],
    ['ntp1.inrim.it', [{ host: 'ntp1.inrim.it', port: 123 }]],
    [
      ' a.example:1123 ,10.0.0.7',
      [
        { host: 'a.example', port: 1123 },
        { host: '10.0.0.7', port: 123 },
      ],
    ],
  ])('reads "%s"', (text, servers) => {
    expect(parseNtpServers(text)).toEqual(servers);
  });

  it.each(['a,,b', 'a:0', 'a:70000', 'a:b', '-a', 'a b', 'a:1:2', 'http://a', ','])(
    'refuses "%s" with a sentence',
    (text) => {
      expect(() => parseNtpServers(text)).toThrow('is not an NTP server');
    },
  );
});
