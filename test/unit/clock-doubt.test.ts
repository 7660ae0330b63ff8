/**
 * Three witnesses of the time: servers, the machine's date, and what was last believed on this
 * boot. Two outvote one; where none confirms the servers nothing opens early by any of them.
 */
import { describe, expect, it } from 'vitest';
import {
  createDisciplinedClock,
  type DisciplinedClockOptions,
  manualHostClock,
  manualTimers,
  type Reference,
  type SourceAnswer,
} from '../../engine/clock/index.ts';
import { silentLog } from '../../engine/foundation/log.ts';

const SECOND = 1_000_000;
const HOUR = 3_600 * SECOND;
/** Of true time; the monotonic clock begins at 0. */
const TRUTH_US = 1_700_000_000_000_000;
const ERROR_US = 2_000;
const FAILED: SourceAnswer = { kind: 'failed', failure: 'NO_ANSWER', servers: [] };

interface Stage {
  /** How far each is ahead of the truth; undefined: it says nothing. */
  readonly servers?: number;
  readonly date?: number;
  readonly reference?: number;
  readonly referenceAgeUs?: number;
  readonly options?: DisciplinedClockOptions;
}

/** A start of the process, an hour after the boot. */
function stage({ servers, date = 0, reference, referenceAgeUs = 0, options }: Stage) {
  const host = manualHostClock({ monotonicUs: HOUR, systemUs: TRUTH_US + HOUR + date });
  const timers = manualTimers(host);
  const said = { aheadUs: servers };
  const poll = async (): Promise<SourceAnswer> => {
    if (said.aheadUs === undefined) return FAILED;
    const offsetUs = TRUTH_US + said.aheadUs;
    const estimate = { offsetUs, errorUs: ERROR_US, atUs: host.monotonicUs() };
    return { kind: 'estimate', estimate, servers: [] };
  };
  const kept: Reference[] = [];
  if (reference !== undefined) {
    const atUs = HOUR - referenceAgeUs;
    const offsetUs = TRUTH_US + reference;
    kept.push({ offsetUs, errorUs: ERROR_US, atUs, driftPpm: 15, source: 'before' });
  }
  const clock = createDisciplinedClock({
    ...{ host, timers, sources: [{ name: 'test', poll }], log: silentLog() },
    memory: { recall: () => kept.at(-1), keep: (one) => void kept.push(one) },
    ...(options && { options }),
  });
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      timers.advance(1_000);
      for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
    }
  };
  /** What the reading is ahead of the truth, and the earliest that it can be true. */
  const seen = () => {
    const { nowUs, uncertaintyUs, sync } = clock.read();
    const aheadUs = nowUs - TRUTH_US - host.monotonicUs();
    return { aheadUs, uncertaintyUs, sync, earliestUs: aheadUs - uncertaintyUs };
  };
  const codes = () => clock.status().alarms.map(({ code }) => code);
  return { clock, host, said, kept, pass, seen, codes };
}

describe('time servers that all lie alike from the start', () => {
  it.each([10, -10])('by %i s open nothing early, by themselves or by the date', async (lie) => {
    const { clock, seen, codes } = stage({ servers: lie * SECOND });
    await clock.start();
    expect(seen().earliestUs).toBeLessThanOrEqual(Math.min(0, lie * SECOND));
    expect(seen().uncertaintyUs).toBeGreaterThanOrEqual(10 * SECOND);
    expect(codes()).toContain('REFERENCE_DOUBTED');
  });

  it('close nothing early either', async () => {
    const { clock, seen } = stage({ servers: 10 * SECOND });
    await clock.start();
    expect(seen().aheadUs).toBeLessThan(1_000);
  });

  it('are believed by nobody when date and last reference agree', async () => {
    const { clock, seen, codes } = stage({ servers: 10 * SECOND, reference: 0 });
    await clock.start();
    expect(Math.abs(seen().aheadUs)).toBeLessThan(1_000);
    expect(seen().earliestUs).toBeLessThanOrEqual(0);
    expect(codes()).toContain('REFERENCE_DOUBTED');
    expect(
      clock
        .status()
        .alarms.map(({ detail }) => detail)
        .join(),
    ).toContain('the date');
  });

  it('are believed again as soon as they tell the truth', async () => {
    const { clock, said, pass, seen, codes } = stage({ servers: -10 * SECOND });
    await clock.start();
    said.aheadUs = 0;
    await pass(20);
    expect(Math.abs(seen().aheadUs)).toBeLessThan(1_000);
    expect(seen().uncertaintyUs).toBeLessThan(10_000);
    expect(codes()).toEqual([]);
  });

  it('are believed again at once also in the minute before an opening', async () => {
    const { clock, said, pass, seen } = stage({ servers: -10 * SECOND });
    await clock.start();
    clock.freezeUntil(clock.nowUs() + 50 * SECOND);
    said.aheadUs = 0;
    await pass(20);
    expect(seen().uncertaintyUs).toBeLessThan(10_000);
  });

  it('are asked again soon', async () => {
    const { clock, said, pass, codes } = stage({ servers: 10 * SECOND });
    await clock.start();
    said.aheadUs = 0;
    await pass(17);
    expect(codes()).not.toContain('REFERENCE_DOUBTED');
  });
});

describe('honest time servers', () => {
  it.each([HOUR, -HOUR])(
    'are believed against a date %i µs off that the last reference contradicts',
    async (date) => {
      const { clock, seen, codes } = stage({ servers: 0, date, reference: 0 });
      await clock.start();
      expect(seen().uncertaintyUs).toBeLessThan(10_000);
      expect(codes()).toEqual(['SYSTEM_DATE_DIFFERS']);
    },
  );

  it('end the doubt within a second once the date is mended, with a step forward', async () => {
    const { clock, host, pass, seen, codes } = stage({ servers: 0, date: -HOUR });
    await clock.start();
    expect(seen().uncertaintyUs).toBeGreaterThan(HOUR);
    host.stepSystem(HOUR);
    await pass(1);
    expect(Math.abs(seen().aheadUs)).toBeLessThan(1_000);
    expect(seen().uncertaintyUs).toBeLessThan(10_000);
    expect(codes()).not.toContain('REFERENCE_DOUBTED');
  });

  it('end the doubt also while the date is slewed right, between two polls', async () => {
    const { clock, host, pass, codes } = stage({ servers: 0, date: -5 * SECOND });
    await clock.start();
    expect(codes()).toContain('REFERENCE_DOUBTED');
    for (let step = 0; step < 10; step += 1) {
      host.stepSystem(SECOND / 2);
      await pass(1);
    }
    expect(codes()).not.toContain('REFERENCE_DOUBTED');
  });

  it('are believed with the date against a last reference that was wrong', async () => {
    const { clock, seen } = stage({ servers: 0, reference: -10 * SECOND });
    await clock.start();
    expect(Math.abs(seen().aheadUs)).toBeLessThan(1_000);
    expect(seen().uncertaintyUs).toBeLessThan(10_000);
  });

  it('are not contradicted by a reference too old to be sharp', async () => {
    const age = { reference: 3 * SECOND, referenceAgeUs: 70_000 * SECOND };
    const { clock, seen } = stage({ servers: 0, ...age });
    await clock.start();
    expect(seen().uncertaintyUs).toBeLessThan(10_000);
  });
});

describe('time servers that all turn to lie while the clock runs', () => {
  it.each([10, -10])('by %i s move no clock, and open nothing early', async (lie) => {
    const { clock, said, pass, seen, codes } = stage({ servers: 0 });
    await clock.start();
    said.aheadUs = lie * SECOND;
    await pass(65);
    expect(Math.abs(seen().aheadUs)).toBeLessThan(1_000);
    expect(seen().earliestUs).toBeLessThanOrEqual(Math.min(0, lie * SECOND));
    expect(codes()).toContain('REFERENCE_DOUBTED');
    await pass(3_600);
    expect(Math.abs(seen().aheadUs)).toBeLessThan(1_000);
    expect(clock.read().sync).toBe('holdover');
  });
});

describe('the last reference', () => {
  it('carries a start that hears no server, whatever the date says', async () => {
    const { clock, seen } = stage({ date: HOUR, reference: 0, referenceAgeUs: 100 * SECOND });
    await clock.start();
    expect(seen()).toMatchObject({ aheadUs: 0, sync: 'synchronised' });
    expect(seen().uncertaintyUs).toBe(ERROR_US + 100 * 15 + 1);
  });

  it('is what was believed, never what was doubted', async () => {
    const { clock, kept } = stage({ servers: 10 * SECOND });
    await clock.start();
    expect(kept).toEqual([]);
    const honest = stage({ servers: 0 });
    await honest.clock.start();
    expect(honest.kept).toHaveLength(1);
  });

  it('is no witness when it is of a later instant', async () => {
    const { clock } = stage({ reference: 0, referenceAgeUs: -SECOND });
    await clock.start();
    expect(clock.read().sync).toBe('unsynchronised');
  });
});

describe('an operator who knows better', () => {
  it('has the servers believed', async () => {
    const options = { believe: 'servers' } as const;
    const { clock, seen } = stage({ servers: 0, date: -HOUR, options });
    await clock.start();
    expect(seen().uncertaintyUs).toBeLessThan(10_000);
  });

  it('has the date believed, against servers and last reference', async () => {
    const options = { believe: 'date' } as const;
    const { clock, seen, codes } = stage({ servers: HOUR, reference: HOUR, options });
    await clock.start();
    expect(Math.abs(seen().aheadUs)).toBeLessThan(1_000);
    expect(seen().uncertaintyUs).toBeLessThan(60_000);
    expect(codes()).toContain('REFERENCE_DOUBTED');
  });

  it('has the date believed also against a reference that was once confirmed', async () => {
    const options = { believe: 'date' } as const;
    const { clock, host, pass, seen } = stage({ servers: -HOUR, date: -HOUR, options });
    await clock.start();
    expect(clock.status().source).toBe('test');
    host.stepSystem(HOUR);
    await pass(70);
    expect(clock.status().source).toBeUndefined();
    expect(Math.abs(seen().aheadUs + HOUR)).toBeLessThan(SECOND);
    expect(seen().uncertaintyUs).toBeGreaterThan(HOUR - SECOND);
  });

  it('sets what counts as a contradiction', async () => {
    const { clock, codes } = stage({ servers: 10 * SECOND, options: { doubtUs: 11 * SECOND } });
    await clock.start();
    expect(codes()).not.toContain('REFERENCE_DOUBTED');
  });
});
