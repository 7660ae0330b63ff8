/** Presence: what the gate knows of an application as long as somebody holds it. */
import { describe, expect, it } from 'vitest';
import { createPresence } from '#engine/gate/presence.ts';
import { lineOf, presentedOne } from '#test/support/gate-submissions.ts';

function stage(entered: readonly string[] = []) {
  const asked: string[] = [];
  const presence = createPresence({
    gate: 'g1',
    mayHold: (application) => {
      asked.push(application);
      return entered.includes(application);
    },
  });
  return { presence, asked };
}

describe('an application that is presented', () => {
  it('is looked up in the ledger once, however many present it', () => {
    const { presence, asked } = stage(['a']);
    const [first, second] = [
      presentedOne(presence, lineOf('a')),
      presentedOne(presence, lineOf('a')),
    ];
    expect(first.progress).toBe(second.progress);
    expect(first.progress.isEntered).toBe(true);
    expect(asked).toEqual(['a']);
  });

  it('has the line of the passbook that it was presented with', () => {
    const { presence } = stage();
    presentedOne(presence, lineOf('a'));
    const newer = { ...lineOf('a'), digest: 'B'.repeat(43) };
    expect(presentedOne(presence, newer).line).toBe(newer);
  });

  it('is forgotten when the last one leaves, and not before', () => {
    const { presence, asked } = stage();
    const [first, second] = [
      presentedOne(presence, lineOf('a')),
      presentedOne(presence, lineOf('a')),
    ];
    presence.leave(first);
    expect(presentedOne(presence, lineOf('a')).progress).toBe(second.progress);
    presence.leave(second);
    presence.leave(second);
    expect(presentedOne(presence, lineOf('a')).progress).not.toBe(second.progress);
    expect(asked).toEqual(['a', 'a']);
  });

  it('is held while it is on its way, though its sender is gone', () => {
    const { presence, asked } = stage();
    const candidate = presentedOne(presence, lineOf('a'));
    presence.hold(candidate);
    presence.leave(candidate);
    expect(presentedOne(presence, lineOf('a')).progress).toBe(candidate.progress);
    expect(asked).toEqual(['a']);
  });
});
