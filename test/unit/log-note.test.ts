/** The texts of the log: notes, keys, checkpoints, tiles. What is read back is what was written. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint, parseCheckpoint } from '#protocol/log/checkpoint.ts';
import {
  ED25519,
  formatNote,
  formatNoteKey,
  keyIdOf,
  parseNote,
  parseNoteKey,
  signaturesOf,
} from '#protocol/log/note.ts';
import {
  decodeEntries,
  encodeEntries,
  parseTilePath,
  TILE_WIDTH,
  tilePath,
  widthIn,
} from '#protocol/log/tile.ts';

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

/** A key and a note that golang.org/x/mod/sumdb/note documents and tests with. */
const KNOWN_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const KNOWN_NOTE =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n" +
  '\n' +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

describe('a note', () => {
  it('is read as others write it', () => {
    const key = parseNoteKey(KNOWN_KEY, sha256)!;
    expect(key).toMatchObject({ name: 'PeterNeumann', type: ED25519 });
    const note = parseNote(KNOWN_NOTE)!;
    expect(note.text).toContain('your problem is.\n');
    expect(signaturesOf(note, key, sha256)).toHaveLength(1);
    expect(note.signatures[0]?.keyId).toBe(0xc74f20a3);
    expect(formatNote(note)).toBe(KNOWN_NOTE);
    expect(formatNoteKey(key, sha256)).toBe(KNOWN_KEY);
  });

  it('is none without a signature, with a control character, or cut', () => {
    const cases = [
      '',
      'text\n',
      'text\n\n',
      KNOWN_NOTE.slice(0, -1),
      KNOWN_NOTE.replace('cryptography', 'crypto\tgraphy'),
      KNOWN_NOTE.replace('— ', '- '),
      KNOWN_NOTE.replace('nAM=', 'nAN='),
    ];
    for (const text of cases) expect(parseNote(text), JSON.stringify(text)).toBeUndefined();
  });

  it('has no signature of a key of the same name with another id', () => {
    const key = parseNoteKey(KNOWN_KEY, sha256)!;
    const other = { ...key, publicKey: key.publicKey.with(0, key.publicKey[0]! ^ 1) };
    expect(keyIdOf(other, sha256)).not.toBe(keyIdOf(key, sha256));
    expect(signaturesOf(parseNote(KNOWN_NOTE)!, other, sha256)).toEqual([]);
  });
});

describe('a key', () => {
  it('is refused when its id is not its own', () => {
    expect(parseNoteKey(KNOWN_KEY.replace('c74f20a3', 'c74f20a4'), sha256)).toBeUndefined();
    expect(parseNoteKey(KNOWN_KEY.slice(0, -4), sha256)).toBeUndefined();
    expect(parseNoteKey('', sha256)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  const root = new Uint8Array(32).fill(7);

  it('says origin, size and root', () => {
    const text = formatCheckpoint({ origin: 'clickday.example/g1', size: 0, root });
    expect(text).toBe(`clickday.example/g1\n0\n${Buffer.from(root).toString('base64')}\n`);
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (size, hash) => {
          const checkpoint = { origin: 'a/b', size, root: hash };
          expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
          expect(parseCheckpoint(`${formatCheckpoint(checkpoint)}extension\n`)).toEqual(checkpoint);
        },
      ),
    );
  });

  it('is none when a line is missing or not as it is written', () => {
    const text = formatCheckpoint({ origin: 'o', size: 10, root });
    const encoded = Buffer.from(root).toString('base64');
    const cases = [
      '',
      text.slice(0, -1),
      text.replace('10', '010'),
      text.replace('10', '-1'),
      text.replace('10', '1e3'),
      text.replace('10', '90071992547409921'),
      text.replace(encoded, encoded.slice(4)),
      text.replace('o\n', '\n'),
    ];
    for (const wrong of cases) expect(parseCheckpoint(wrong), wrong).toBeUndefined();
  });
});

describe('a tile', () => {
  it('has the path of its specification', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 5, width: 7 })).toBe('tile/entries/005.p/7');
  });

  it('is found again by its path, and by no other way to write it', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
    const width = fc.integer({ min: 1, max: TILE_WIDTH });
    fc.assert(
      fc.property(level, fc.nat(2 ** 31 - 1), width, (l, index, w) => {
        const tile = { level: l, index, width: w };
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
    const wrong = ['tile/0/1', 'tile/00/001', 'tile/0/x000/001', 'tile/0/001.p/256'];
    const more = ['tile/0/001.p/0', 'tile/64/000', 'tile/0/001/', 'tile/-1/000', '/tile/0/000'];
    for (const path of [...wrong, ...more]) expect(parseTilePath(path), path).toBeUndefined();
  });

  it('is as wide as the tree says', () => {
    // The example of the specification: 70,000 leaves.
    const widths = [0, 1, 2].map((level) =>
      [0, 1, 273].map((index) => widthIn(70_000, { level, index })),
    );
    expect(widths).toEqual([
      [256, 256, 112],
      [256, 17, 0],
      [1, 0, 0],
    ]);
    expect(widthIn(256, { level: 1, index: 0 })).toBe(1);
  });

  it('of entries gives the same entries back, and nothing when it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { maxLength: 20 }),
        (entries) => {
          const bytes = encodeEntries(entries);
          expect(decodeEntries(bytes)).toEqual(entries);
          if (entries.length > 0) expect(decodeEntries(bytes.subarray(0, -1))).toBeUndefined();
        },
      ),
    );
  });
});
