/**
 * What a sender keeps in its journal, and what a later run makes of it.
 */
import { describe, expect, it } from 'vitest';
import { readRecords } from '#mini-client/core/index.ts';
import { acceptedOf, ids, OPENS_US, stage } from '#test/support/sender-stage.ts';

describe('the journal of a sender', () => {
  it('has chosen, sent and accepted of each application in this order', async () => {
    const { file, play } = stage();
    await play();
    for (const id of ids(4)) {
      const kinds = readRecords(file.text)
        .filter(({ application }) => application === id)
        .map(({ type }) => type);
      expect(kinds).toEqual(['chosen', 'sent', 'accepted']);
    }
  });

  it('keeps the evidence: the whole answer and the hash of the leaf', async () => {
    const { file, play } = stage({ applications: ['app-1'] });
    await play();
    const accepted = readRecords(file.text).find(({ type }) => type === 'accepted');
    expect(accepted).toMatchObject({
      message: { protocol: '2011-01-31/g1/000000001', seq: 1 },
      leafHash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    });
  });

  it('does not send again what it calls accepted, also after a torn last line', async () => {
    const first = stage({
      applications: ids(6),
      gate: { inFlightLimit: 1, answerUs: 100_000 },
    });
    first.create().start();
    await first.world.run(OPENS_US + 400_000);
    const acceptedBefore = acceptedOf(first.events);
    expect(acceptedBefore.length).toBeGreaterThan(0);
    expect(acceptedBefore.length).toBeLessThan(6);

    // The program dies; half a line of what it was writing is on disk.
    const torn = `${first.file.text}{"type":"accepted","application":"app-6","mess`;
    const second = stage({
      applications: ids(6),
      journal: torn,
      gate: { entries: first.gate.entries },
    });
    const result = await second.play();
    expect(result.accepted).toHaveLength(6);
    const sentAgain = second.gate.arrivals.map(({ application }) => application);
    expect(sentAgain).toEqual(ids(6).filter((id) => !acceptedBefore.includes(id)));
    expect(readRecords(second.file.text).filter(({ type }) => type === 'accepted')).toHaveLength(6);
  });

  it('tries again in a new run what was refused in an earlier one', async () => {
    const first = stage({
      applications: ['app-1'],
      gate: { onSubmit: () => ({ code: 'PASSBOOK_EXPIRED' }) },
    });
    expect((await first.play()).rejected).toHaveLength(1);
    const second = stage({ applications: ['app-1'], journal: first.file.text });
    expect((await second.play()).accepted).toHaveLength(1);
  });

  it('goes on when the disk is full and says that the outcome is not journaled', async () => {
    const { file, events, play } = stage();
    file.isBroken = true;
    const result = await play();
    expect(result.accepted.map(({ isJournaled }) => isJournaled)).toEqual(Array(4).fill(false));
    expect(events.some(({ event }) => event === 'journal-failed')).toBe(true);
  });
});
