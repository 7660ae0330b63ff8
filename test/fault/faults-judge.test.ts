/** The judges of the faults see what they are there for: one that sees nothing proves nothing. */
import { describe, expect, it } from 'vitest';
import { Book } from '#test/fault/stage/book.ts';
import { diskWrites, imageAt } from '#test/fault/stage/disk-log.ts';
import { judgedAgainst } from '#test/fault/stage/judge.ts';
import { chanceOf } from '#test/fault/stage/random.ts';
import { frameOf } from '#test/fault/stage/raw-client.ts';
import { summed } from '#test/fault/stage/scenario.ts';
import { parseTrace } from '#test/support/trace.ts';

const place = (application: string, seq: number) => ({ application, seq, stamp: `t${seq}` });

/** `a` is sent and acknowledged, then `b`. */
function bookOfTwo(): Book {
  const book = new Book(0);
  book.sent('a');
  book.accepted(place('a', 1));
  book.sent('b');
  book.accepted(place('b', 2));
  return book;
}

describe('the judge of acknowledgements', () => {
  it('finds nothing wrong where each stands in its place', () => {
    const judgement = judgedAgainst([place('a', 1), place('b', 2), place('c', 3)], bookOfTwo());
    expect(judgement).toEqual({
      acknowledged: 2,
      lost: 0,
      reordered: 0,
      doubled: 0,
      failures: [],
    });
  });

  it.each([
    ['is not there', [place('a', 1)]],
    ['has another number', [place('a', 1), { ...place('b', 3), stamp: 't2' }]],
    ['has another stamp', [place('a', 1), { ...place('b', 2), stamp: 't9' }]],
  ])('counts one as lost that %s', (_what, places) => {
    expect(judgedAgainst(places, bookOfTwo()).lost).toBe(1);
  });

  it('counts one as doubled that has two entries, or was told two places', () => {
    expect(judgedAgainst([place('a', 1), place('b', 2), place('a', 3)], bookOfTwo()).doubled).toBe(
      1,
    );
    const book = bookOfTwo();
    book.accepted(place('a', 3));
    expect(judgedAgainst([place('a', 1), place('b', 2)], book).doubled).toBe(1);
  });

  it('counts one as reordered that was sent after an answer and stands before it', () => {
    const book = new Book(0);
    book.sent('a');
    book.accepted(place('a', 2));
    book.sent('b');
    book.accepted(place('b', 1));
    expect(judgedAgainst([place('b', 1), place('a', 2)], book).reordered).toBe(1);
  });

  it('leaves open which of two comes first that were under way together', () => {
    const book = new Book(0);
    book.sent('a');
    book.sent('b');
    book.accepted(place('a', 2));
    book.accepted(place('b', 1));
    expect(judgedAgainst([place('b', 1), place('a', 2)], book).reordered).toBe(0);
  });

  it('names one that was sent before the opening and let in', () => {
    const book = new Book(Number.POSITIVE_INFINITY);
    book.sent('a');
    book.accepted(place('a', 1));
    expect(judgedAgainst([place('a', 1)], book).failures).toEqual(['a was let in early']);
  });
});

describe('the disk without power', () => {
  const FILE = '/d/data.mdb';
  const lines = [
    `1 1.0 openat(1</d>, "data.mdb", O_RDWR) = 5<${FILE}>`,
    `1 1.0 openat(1</d>, "data.mdb", O_WRONLY|O_DSYNC) = 6<${FILE}>`,
    `1 1.1 pwrite64(5<${FILE}>, "AAAA", 4, 0) = 4`,
    `1 1.2 fdatasync(5<${FILE}>) = 0`,
    `1 1.3 lseek(5<${FILE}>, 4, SEEK_SET) = 4`,
    String.raw`1 1.4 writev(5<${FILE}>, [{iov_base="\x42\x00", iov_len=2}, {iov_base="\0B", iov_len=2}], 2) = 4`,
    `1 1.5 pwrite64(6<${FILE}>, "C", 1, 1) = 1`,
  ];
  const writes = diskWrites(parseTrace(lines.join('\n')), FILE);
  const END = 100;

  it('has what was synced, and what syncs by itself, and not the rest', () => {
    expect(imageAt(writes, END, 'none').toString('latin1')).toBe('ACAA');
    expect(imageAt(writes, END, 'all').toString('latin1')).toBe('ACAAB\0\0B');
  });

  it('does not have what was written and not synced at the moment itself', () => {
    expect(imageAt(writes, 2.5, 'none').length).toBe(0);
    expect(imageAt(writes, 3.5, 'none').toString('latin1')).toBe('AAAA');
    expect(imageAt(writes, 5.5, 'none').toString('latin1')).toBe('AAAA');
  });

  it('has nothing at all when syncs have no effect', () => {
    const dropped = diskWrites(parseTrace(lines.join('\n')), FILE, false);
    expect(imageAt(dropped, END, 'none').length).toBe(0);
  });

  it('tears a write by sectors', () => {
    const long = `1 1.0 pwrite64(5<${FILE}>, "${'x'.repeat(2_048)}", 2048, 0) = 2048`;
    const torn = imageAt(diskWrites(parseTrace(long), FILE), END, chanceOf(3));
    const sectors = Array.from({ length: 4 }, (_, at) => torn.subarray(at * 512, at * 512 + 512));
    for (const sector of sectors) expect(new Set(sector).size).toBeLessThanOrEqual(1);
    expect(torn.filter((byte) => byte !== 0).length).toBeLessThan(2_048);
  });
});

it('a frame is written as RFC 6455 has it', () => {
  expect(frameOf({ opcode: 1, payload: 'ab' })).toEqual(
    Buffer.from([0x81, 0x82, 1, 2, 3, 4, 'a'.charCodeAt(0) ^ 1, 'b'.charCodeAt(0) ^ 2]),
  );
  expect(frameOf({ opcode: 1, payload: '', isMasked: false, length: 70_000 })).toEqual(
    Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]),
  );
});

it('outcomes add up, and their notes are told once', () => {
  const sum = summed([
    { rounds: 1, lost: 1, notes: ['a'] },
    { rounds: 2, failures: ['f'], notes: ['a'] },
  ]);
  expect(sum).toMatchObject({ rounds: 3, lost: 1, notes: ['a'], failures: ['f'] });
});
