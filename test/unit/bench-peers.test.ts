/** The peers' part before the store, and the check that decides whether a run of theirs counts. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createIntake, type Lines, numbered, type StoredEntry } from '#bench/peers/intake.ts';
import { sourcesOf } from '#bench/peers/later-debian.ts';
import { storeViolations } from '#bench/scenarios/peers.ts';
import { generateSigningKey } from '#engine/foundation/jws.ts';
import { createPapers, DAY } from '#test/support/gate-papers.ts';
import { temporaryDirectory } from '#test/support/system.ts';

const PAST = '2011-01-31T07:00:00.000000Z';
const FUTURE = '2999-01-31T07:00:00.000000Z';
const FUTURE_US = 32_472_144_000_000_000;

function peer(window: { opensAt: string; closesAt: string }) {
  const papers = createPapers(join(temporaryDirectory(), 'notice'));
  const written: StoredEntry[] = [];
  const store = numbered((entry) => Promise.resolve(written.push(entry)));
  const clickDays = [{ id: DAY, ...window }];
  const intake = createIntake({ keys: papers.paths.portalKey, clickDays, store: '' }, store);
  const order = { applications: ['a', 'b'], expiresAtUs: FUTURE_US };
  return { papers, written, intake, order, token: papers.passbook(order) };
}

describe('a peer', () => {
  it('numbers what it stores and answers a repeated application with the first number', async () => {
    const { intake, token, written } = peer({ opensAt: PAST, closesAt: FUTURE });
    const lines = intake.passbook(token) as Lines;
    const answers = await Promise.all(['b', 'a', 'b'].map((id) => intake.submit(lines, id)));
    expect(answers).toMatchObject([{ seq: 1 }, { seq: 2 }, { seq: 1, application: 'b' }]);
    expect(written.map(({ application }) => application)).toEqual(['b', 'a']);
  });

  it.each([
    ['TOO_EARLY', { opensAt: FUTURE, closesAt: FUTURE }],
    ['CLOSED', { opensAt: PAST, closesAt: PAST }],
  ])('refuses outside the window with %s and stores nothing', (code, window) => {
    const { intake, token, written } = peer(window);
    expect(intake.submit(intake.passbook(token) as Lines, 'a')).toBe(code);
    expect(written).toEqual([]);
  });

  it('refuses an application that is not in the passbook', () => {
    const { intake, token } = peer({ opensAt: PAST, closesAt: FUTURE });
    expect(intake.submit(intake.passbook(token) as Lines, 'c')).toBe('UNKNOWN_APPLICATION');
  });

  it('refuses a passbook that another key signed, or that has expired', () => {
    const { intake, papers, order } = peer({ opensAt: PAST, closesAt: FUTURE });
    const forged = papers.passbook({ ...order, key: generateSigningKey() });
    expect(intake.passbook(forged)).toBeUndefined();
    expect(intake.passbook(papers.passbook({ ...order, expiresAtUs: 1 }))).toBeUndefined();
  });
});

describe('the sources of a later release', () => {
  const release = { now: 'bookworm', later: 'trixie' };

  it('name it wherever they named this one, in either form', () => {
    const list = 'deb http://mirror/debian bookworm main\n# deb-src bookworm\n';
    expect(sourcesOf(list, release)).toBe('deb http://mirror/debian trixie main\n');
    const stanza = 'URIs: http://mirror/debian\nSuites: bookworm bookworm-updates\n';
    expect(sourcesOf(stanza, release)).toContain('Suites: trixie trixie-updates\n');
  });

  it('leave words alone that only contain the name', () => {
    expect(sourcesOf('deb http://bookworms/ x', release)).toBe('deb http://bookworms/ x');
  });
});

describe('the check of a store', () => {
  const entry = (application: string, seq: number) => ({ application, seq, stamp: PAST });
  const acknowledgements = [entry('a', 1), entry('b', 2)];

  it('finds nothing wrong when every acknowledgement is stored', () => {
    const stored = [entry('a', 1), entry('b', 2), entry('c', 3)];
    expect(storeViolations({ acknowledgements }, stored)).toEqual([]);
  });

  it('finds what is lost, stored under another number, or numbered twice', () => {
    expect(storeViolations({ acknowledgements }, [entry('a', 1)])).toHaveLength(1);
    expect(storeViolations({ acknowledgements }, [entry('a', 1), entry('b', 3)])).toHaveLength(1);
    const twice = [entry('a', 1), entry('b', 2), entry('c', 2)];
    expect(storeViolations({ acknowledgements }, twice)).toHaveLength(1);
  });
});
