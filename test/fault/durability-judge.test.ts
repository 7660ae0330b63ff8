/** The reader and the judge of traces, on traces written by hand in the words of strace 6.1. */
import { describe, expect, it } from 'vitest';
import { parseTrace } from '#test/support/trace.ts';
import { judgeTrace } from '#test/support/trace-durability.ts';

const FILE = '/d/data.mdb';
const STAMP = '2011-01-31T07:00:00.000001Z';
const LEAF = String.raw`{\"application\":\"A1\",\"clickDay\":\"d\",\"gate\":\"g1\",\"seq\":7,\"stamp\":\"${STAMP}\",\"uncertaintyUs\":5}`;
const FRAME = String.raw`{\"type\":\"accepted\",\"application\":\"A1\",\"protocol\":\"d/g1/000000007\",\"seq\":7,\"stamp\":\"${STAMP}\",\"uncertaintyUs\":5}`;

const OPENED = `9 1.0 openat(AT_FDCWD</>, "${FILE}", O_WRONLY|O_DSYNC|O_CLOEXEC) = 26<${FILE}>`;
const ENTRY = String.raw`2 1.1 writev(25<${FILE}>, [{iov_base="\2\0${LEAF}\0", iov_len=4096}], 1) = 4096`;
const SYNC = `2 1.2 fdatasync(25<${FILE}>) = 0`;
const SYNC_BEGINS = `2 1.2 fdatasync(25<${FILE}> <unfinished ...>`;
const SYNC_ENDS = '2 1.4 <... fdatasync resumed>)           = 0';
const RECORD = String.raw`2 1.5 pwrite64(26<${FILE}>, "\0\0\2", 128, 40) = 128`;
const ANSWER = String.raw`1 1.6 sendto(28<socket:[5]>, "\201~\0\247${FRAME}", 171, MSG_NOSIGNAL, NULL, 0) = 171`;

function judged(...lines: readonly string[]) {
  return judgeTrace(parseTrace(`${lines.join('\n')}\n`), FILE);
}

function whys(...lines: readonly string[]): string[] {
  return judged(...lines).violations.map(({ why }) => why);
}

describe('the reader of traces', () => {
  it('gives name, descriptor, file and answer of a call', () => {
    expect(parseTrace(SYNC)).toEqual([
      {
        thread: 2,
        name: 'fdatasync',
        words: `25<${FILE}>`,
        file: FILE,
        descriptor: 25,
        beganAt: 0,
        endedAt: 0,
        result: 0,
        injected: false,
      },
    ]);
  });

  it('joins the halves of a call that other threads came between', () => {
    const halves = [
      '2 1.0 fdatasync(25</a> <unfinished ...>',
      '3 1.1 pwrite64(26</b>, "x", 1, 0 <unfinished ...>',
      '1 1.2 write(20<anon_inode:[eventfd]>, "\\1", 8) = 8',
      '3 1.3 <... pwrite64 resumed>)            = 1',
      '2 1.4 <... fdatasync resumed>)           = 0',
    ];
    const calls = parseTrace(halves.join('\n'));
    const lines = calls.map(({ name, beganAt, endedAt }) => [name, beganAt, endedAt]);
    expect(lines).toEqual([
      ['fdatasync', 0, 4],
      ['pwrite64', 1, 3],
      ['write', 2, 2],
    ]);
    expect(calls.map(({ file, result }) => [file, result])).toEqual([
      ['/a', 0],
      ['/b', 1],
      ['anon_inode:[eventfd]', 8],
    ]);
  });

  it('knows a call that never ended, and one that strace made fail', () => {
    const [made, open] = parseTrace(
      [
        '2 1.0 fdatasync(25</a>) = -1 EIO (Input/output error) (INJECTED)',
        '2 1.1 fsync(25</a> <unfinished ...>',
        '2 1.2 +++ killed by SIGKILL +++',
      ].join('\n'),
    );
    expect(made).toMatchObject({ result: -1, injected: true });
    expect(open).toMatchObject({ result: undefined, endedAt: Number.POSITIVE_INFINITY });
  });

  it('is not misled by an ending inside a text, and passes over signals', () => {
    const calls = parseTrace(
      '1 1.0 --- SIGTERM {si_signo=15} ---\n1 1.1 write(1, "f() = 0", 7) = 7',
    );
    expect(calls).toMatchObject([{ name: 'write', words: '1, "f() = 0", 7', result: 7 }]);
  });

  it('refuses a trace whose beginning is missing', () => {
    expect(() => parseTrace(SYNC_ENDS)).toThrow(/resumes what never began/);
  });
});

describe('the judge of traces', () => {
  it('finds nothing wrong with entry, sync, record and answer in this order', () => {
    const judgement = judged(OPENED, ENTRY, SYNC, RECORD, ANSWER);
    expect(judgement.violations).toEqual([]);
    expect(judgement.commits).toBe(1);
    expect(judgement.acknowledgements).toEqual([
      { application: 'A1', seq: 7, stamp: STAMP, leftAt: 4 },
    ]);
  });

  it('finds every answer in one write, also an HTTP answer and one with a ref', () => {
    const second = FRAME.replace('A1', 'A2').replace(
      '\\"protocol',
      '\\"ref\\":\\"r\\",\\"protocol',
    );
    const both = ANSWER.replace(FRAME, `${FRAME}\\201~${second}`);
    const http = ANSWER.replace('\\"type\\":\\"accepted\\",', '');
    const of = (line: string) => judged(line).acknowledgements.map((one) => one.application);
    expect(of(both)).toEqual(['A1', 'A2']);
    expect(of(http)).toEqual(['A1']);
  });

  it.each([
    ['between the beginning and the end of the sync', [SYNC_BEGINS, ANSWER, SYNC_ENDS, RECORD]],
    ['after the sync and before the record', [SYNC, ANSWER, RECORD]],
    ['before the sync', [ANSWER, SYNC, RECORD]],
  ])('condemns an answer %s', (_when, lines) => {
    expect(whys(OPENED, ENTRY, ...lines)).toEqual([expect.stringMatching(/^left in line \d/)]);
  });

  it('condemns an answer without entry, sync or record', () => {
    expect(whys(OPENED, SYNC, RECORD, ANSWER)).toEqual(['its entry was never written']);
    expect(whys(OPENED, ENTRY, RECORD, ANSWER)).toEqual(['no sync follows the write of its entry']);
    const noRecord = 'no synced commit record follows the sync of its entry';
    expect(whys(OPENED, ENTRY, SYNC, ANSWER)).toEqual([noRecord]);
    expect(whys(ENTRY, SYNC, RECORD, ANSWER)).toEqual([noRecord]);
  });

  it('counts neither a sync that began before the entry was written nor one of another file', () => {
    const never = ['no sync follows the write of its entry'];
    expect(whys(OPENED, SYNC_BEGINS, ENTRY.replace('2', '3'), SYNC_ENDS, RECORD, ANSWER)).toEqual(
      never,
    );
    expect(whys(OPENED, ENTRY, SYNC.replace(FILE, '/d/other'), RECORD, ANSWER)).toEqual(never);
  });

  it('trusts no second sync after one that failed', () => {
    const failed = SYNC.replace('= 0', '= -1 EIO (Input/output error) (INJECTED)');
    const lines = [OPENED, ENTRY, failed, SYNC, RECORD, ANSWER];
    expect(whys(...lines)).toEqual(['the sync of its entry failed']);
  });

  it('takes the stamp for part of the entry', () => {
    const other = ENTRY.replace('000001Z', '000002Z');
    expect(whys(OPENED, other, SYNC, RECORD, ANSWER)).toEqual(['its entry was never written']);
  });
});
