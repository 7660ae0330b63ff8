/** The words of an outcome: the text written by hand is the frame, whatever stands in it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Language, writeAcceptedMembers, writeOutcome } from '#engine/gate/acknowledgement.ts';
import type { Rejection, SubmissionOutcome, SubmissionRequest } from '#engine/gate/outcome.ts';
import { protocolNumber } from '#protocol/entry.ts';
import type { Accepted, Rejected } from '#protocol/frames.ts';
import { JsonBytes } from '#protocol/json-bytes.ts';
import { outcomes, type SubmissionCode } from '#protocol/outcomes.ts';
import { isoFromUs } from '#protocol/time.ts';

type Tail<All extends unknown[]> = All extends [unknown, ...infer Rest] ? Rest : never;

const entry = fc.record({
  application: fc.string({ minLength: 1, unit: 'binary' }),
  clickDay: fc.string({ minLength: 1 }),
  digest: fc.string(),
  gate: fc.string({ minLength: 1 }),
  model: fc.string(),
  office: fc.string(),
  seq: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  stampUs: fc.integer({ min: 0, max: 4_000_000_000_000_000 }),
  uncertaintyUs: fc.integer({ min: 0, max: 10_000_000 }),
});
/** What is expected: the frame that tells `outcome` of `request`. Members as in protocol §3. */
function outcomeFrame(
  request: Pick<SubmissionRequest, 'application' | 'ref'>,
  outcome: SubmissionOutcome,
  language: Language,
): Accepted | Rejected {
  const ref = request.ref === undefined ? {} : { ref: request.ref };
  if (outcome.kind === 'rejected') {
    const { code, retryAfterMs, opensAtUs } = outcome;
    return {
      type: 'rejected',
      application: request.application,
      ...ref,
      code,
      message: outcomes[code][language],
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(opensAtUs !== undefined && { opensAt: isoFromUs(opensAtUs) }),
    };
  }
  const { entry, duplicate } = outcome;
  return {
    type: 'accepted',
    application: entry.application,
    ...ref,
    protocol: protocolNumber(entry),
    seq: entry.seq,
    stamp: isoFromUs(entry.stampUs),
    uncertaintyUs: entry.uncertaintyUs,
    ...(duplicate && { duplicate }),
  };
}

/** What leaves, read back as text. */
function outcomeText(...[request, outcome, language]: Tail<Parameters<typeof writeOutcome>>) {
  const out = new JsonBytes(8);
  writeOutcome(out, request, outcome, language);
  return Buffer.from(out.all()).toString('utf8');
}

const ref = fc.option(fc.string({ maxLength: 64, unit: 'binary' }), { nil: undefined });

describe('the text of an outcome', () => {
  it('is the frame of an acceptance, for any characters', () => {
    fc.assert(
      fc.property(entry, ref, fc.boolean(), (accepted, mark, duplicate) => {
        const request = { application: accepted.application, ref: mark };
        const outcome = { kind: 'accepted', entry: accepted, duplicate } as const;
        const frame = outcomeFrame(request, outcome, 'en');
        expect(outcomeText(request, outcome, 'en')).toBe(JSON.stringify(frame));
        const { type: _type, ...members } = frame;
        const overHttp = writeAcceptedMembers(new JsonBytes(8), request, outcome).all();
        expect(Buffer.from(overHttp).toString('utf8')).toBe(JSON.stringify(members));
      }),
    );
  });

  it('is the frame of a refusal, for any characters, codes and languages', () => {
    const code = fc.constantFrom(...(Object.keys(outcomes) as SubmissionCode[]));
    const language = fc.constantFrom('it' as const, 'en' as const);
    const number = fc.option(fc.integer({ min: 0, max: 1e15 }), { nil: undefined });
    const application = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(application, ref, code, number, number, language, (id, mark, why, ms, us, to) => {
        const request = { application: id, ref: mark };
        const refusal: Rejection = {
          kind: 'rejected',
          code: why,
          ...(ms !== undefined && { retryAfterMs: ms }),
          ...(us !== undefined && { opensAtUs: us }),
        };
        expect(outcomeText(request, refusal, to)).toBe(
          JSON.stringify(outcomeFrame(request, refusal, to)),
        );
      }),
    );
  });

  it('is the frame of a refusal, in the language of the client', () => {
    const request = { application: 'A', ref: undefined };
    const outcome = { kind: 'rejected', code: 'TOO_EARLY', retryAfterMs: 5, opensAtUs: 0 } as const;
    expect(JSON.parse(outcomeText(request, outcome, 'it'))).toMatchObject({
      type: 'rejected',
      application: 'A',
      code: 'TOO_EARLY',
      message: expect.stringContaining('Non ancora aperto'),
      retryAfterMs: 5,
      opensAt: '1970-01-01T00:00:00.000000Z',
    });
  });
});
