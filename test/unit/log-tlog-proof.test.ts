/** The proof as a text: what is read back is what was written, and nothing else is one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '#protocol/log/base64.ts';
import { formatCheckpoint } from '#protocol/log/checkpoint.ts';
import { formatNote } from '#protocol/log/note.ts';
import {
  formatTlogProof,
  parseTlogProof,
  TLOG_PROOF_CHARS_MAX,
  type TlogProof,
} from '#protocol/log/tlog-proof.ts';

const root = new Uint8Array(32).fill(7);
const signature = { name: 'clickday.example/g1', keyId: 9, signature: new Uint8Array(64).fill(3) };
const CHECKPOINT = formatNote({
  text: formatCheckpoint({ origin: 'clickday.example/g1', size: 109_482, root }),
  signatures: [signature],
});
const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const PROOF = { index: 73_894, hashes: [one, other], checkpoint: CHECKPOINT };
const TEXT = formatTlogProof(PROOF);

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyCheckpoint = fc
  .record({ size: fc.maxSafeNat(), root: hash, signed: fc.uint8Array({ minLength: 1 }) })
  .map(({ signed, ...tree }) =>
    formatNote({
      text: formatCheckpoint({ origin: 'a/b', ...tree }),
      signatures: [{ ...signature, signature: signed }],
    }),
  );
const anyProof: fc.Arbitrary<TlogProof> = fc.record(
  {
    index: fc.maxSafeNat(),
    hashes: fc.array(hash, { maxLength: 53 }),
    checkpoint: anyCheckpoint,
    extra: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  },
  { requiredKeys: ['index', 'hashes', 'checkpoint'] },
);

describe('a proof', () => {
  it('is written as its specification says', () => {
    expect(TEXT).toBe(
      'c2sp.org/tlog-proof@v1\n' +
        'index 73894\n' +
        'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n' +
        'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n' +
        '\n' +
        'clickday.example/g1\n' +
        '109482\n' +
        'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n' +
        '\n' +
        `— clickday.example/g1 ${toBase64(Uint8Array.of(0, 0, 0, 9, ...signature.signature))}\n`,
    );
    const extra = Uint8Array.of(1, 2, 3);
    expect(formatTlogProof({ ...PROOF, extra }).split('\n')[1]).toBe('extra AQID');
    expect(formatTlogProof({ ...PROOF, extra: new Uint8Array() })).toBe(TEXT);
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyProof, (proof) => {
        expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof);
      }),
    );
  });

  it('of the only entry has no hashes', () => {
    const proof = { index: 0, hashes: [], checkpoint: CHECKPOINT };
    expect(formatTlogProof(proof)).toContain('index 0\n\nclickday');
    expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof);
  });

  it('that is read is the only text that says so: no byte is free', () => {
    const bytes = new TextEncoder().encode(TEXT);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const text = new TextDecoder().decode(bytes.with(at, bytes[at]! ^ mask));
        const read = parseTlogProof(text);
        if (read === undefined) return;
        expect(formatTlogProof(read)).toBe(text);
        expect(read).not.toEqual(PROOF);
      }),
      { numRuns: 2000 },
    );
  });

  it('is none when a line is missing, too much, or not as it is written', () => {
    const [first, second] = [toBase64(one), toBase64(other)];
    const tooLong = { ...PROOF, extra: new Uint8Array(TLOG_PROOF_CHARS_MAX) };
    const cases: Record<string, string> = {
      nothing: '',
      'another format': TEXT.replace('@v1', '@v2'),
      'a space before': ` ${TEXT}`,
      'line ends of Windows': TEXT.replaceAll('\n', '\r\n'),
      'no index': TEXT.replace('index 73894\n', ''),
      'a leading zero': TEXT.replace('73894', '073894'),
      'a negative index': TEXT.replace('73894', '-1'),
      'an index in words of floating point': TEXT.replace('73894', '7e3'),
      'an index that no number holds': TEXT.replace('73894', '9007199254740993'),
      'two indexes': TEXT.replace('index 73894', 'index 73894\nindex 73894'),
      'extra after the index': TEXT.replace('index 73894', 'index 73894\nextra AQID'),
      'extra without any': TEXT.replace('index', 'extra \nindex'),
      'extra with a bit that means nothing': TEXT.replace('index', 'extra AQJ=\nindex'),
      'extra twice': TEXT.replace('index', 'extra AQID\nextra AQID\nindex'),
      'a hash cut short': TEXT.replace(first, first.slice(4)),
      'a hash that is none': TEXT.replace(second, '!'.repeat(44)),
      'a hash with a space behind': TEXT.replace(second, `${second} `),
      'an empty line among the hashes': TEXT.replace(`${first}\n`, `${first}\n\n`),
      'no empty line': TEXT.replace(`${second}\n\n`, `${second}\n`),
      'no checkpoint': TEXT.slice(0, TEXT.indexOf('clickday')),
      'a checkpoint without a signature': TEXT.slice(0, TEXT.indexOf('— ')),
      'a note that is no checkpoint': TEXT.replace('\n109482\n', '\nmany\n'),
      'something behind the checkpoint': `${TEXT}\n`,
      'more hashes than any tree has': TEXT.replace(first, `${first}\n`.repeat(53).trimEnd()),
      'more than is read': formatTlogProof(tooLong),
    };
    for (const [name, text] of Object.entries(cases)) {
      expect(parseTlogProof(text), name).toBeUndefined();
    }
  });
});
