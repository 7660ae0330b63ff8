/** Decoding a frame: the short way of the one hot frame says what the general parser says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, decodeSubmission } from '#engine/gate/frame.ts';

const bytesOf = (text: string) => Buffer.byteLength(text);
const decoded = (text: string) => decodeFrame(text, bytesOf(text));
/** The general parser alone: a body has no `type`, and so no short way. */
const general = (text: string) => decodeSubmission(text);

describe('a submission', () => {
  const name = fc.oneof(fc.stringMatching(/^[0-9A-Z]{26}$/), fc.string({ unit: 'binary' }));
  const ref = fc.option(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), { nil: undefined });

  it('is read alike on both ways, whatever stands in it', () => {
    fc.assert(
      fc.property(name, ref, (application, mark) => {
        const text = JSON.stringify({ type: 'submit', application, ref: mark });
        const body = general(text);
        expect(decoded(text)).toEqual(typeof body === 'string' ? 'FRAME_INVALID' : body);
      }),
    );
  });

  it('may have its members in any order, white space, and members we do not know', () => {
    const submit = { type: 'submit', application: 'A1', ref: 'r' };
    const texts = [
      '{"ref":"r","application":"A1","type":"submit"}',
      '{ "type" : "submit", "application" : "A1", "ref" : "r" }',
      '{"type":"submit","application":"A1","ref":"r","more":1}',
    ];
    for (const text of texts) expect(decoded(text)).toMatchObject(submit);
  });

  it('is not taken for one when it only looks like one', () => {
    const cases: [string, string][] = [
      ['{"type":"submit","application":"A1"', 'FRAME_MALFORMED'],
      ['{"type":"submit","application":"A1"}}', 'FRAME_MALFORMED'],
      ['{"type":"submit","application":""}', 'FRAME_INVALID'],
      [`{"type":"submit","application":"${'A'.repeat(65)}"}`, 'FRAME_INVALID'],
      [`{"type":"submit","application":"A","ref":"${'r'.repeat(65)}"}`, 'FRAME_INVALID'],
      ['{"type":"submits","application":"A1"}', 'FRAME_UNKNOWN'],
    ];
    for (const [text, code] of cases) expect(decoded(text), text).toBe(code);
  });

  it('keeps an escape as what it means', () => {
    const text = '{"type":"submit","application":"A","ref":"a\\"b\\\\c\\u00e8"}';
    expect(decoded(text)).toMatchObject({ application: 'A', ref: 'a"b\\cè' });
  });
});
