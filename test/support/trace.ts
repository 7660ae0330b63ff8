/**
 * Reads what `strace -f -ttt -y -o FILE` wrote: the system calls of all threads of a process.
 *
 * Order is taken from the lines of the file and not from their times: strace stops each thread at
 * the entry and at the exit of a call and writes one after the other, so "this call began after
 * that one had ended" is a comparison of two line numbers, exact whatever the clock did.
 *
 *     27181 17.9 write(…) = 8                      began and ended in this line
 *     27281 17.9 fdatasync(25<…> <unfinished ...>  began here; another thread came between
 *     27281 18.0 <... fdatasync resumed>) = 0      ended here
 */

/** One system call. */
export interface SystemCall {
  /** The thread that made it. */
  readonly thread: number;
  readonly name: string;
  /** Arguments as strace wrote them. */
  readonly words: string;
  /** The file behind the first argument, or what strace says of it: `socket:[4711]`. */
  readonly file: string;
  /** The descriptor in the first argument; NaN when it is none. */
  readonly descriptor: number;
  /** Line in which it began. */
  readonly beganAt: number;
  /** Line in which it ended; Infinity when the process ended before. */
  readonly endedAt: number;
  /** The kernel's answer; undefined when there was none. */
  readonly result: number | undefined;
  /** True when strace made the call fail instead of the kernel. */
  readonly injected: boolean;
}

interface Begun {
  readonly thread: number;
  readonly beganAt: number;
  readonly text: string;
}

const LINE = /^(\d+) +\d+\.\d+ (.*)$/s;
const UNFINISHED = ' <unfinished ...>';
const RESUMED = /^<\.\.\. \w+ resumed>/;
/** Greedy: what looks like an ending inside a string stands before the real one. */
const ENDING = /^(.*)\)\s+= (-?\d+|\?)(.*)$/s;
const CALL = /^(\w+)\((.*)$/s;
const DESCRIPTOR = /^(\d+)<([^>]*)>/;

/** The calls in the order in which they began. Lines about signals and exits are passed over. */
export function parseTrace(text: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const open = new Map<number, Begun>();
  text.split('\n').forEach((line, at) => {
    const [, digits, rest = ''] = LINE.exec(line) ?? [];
    if (digits === undefined) return;
    const thread = Number(digits);
    if (RESUMED.test(rest)) {
      const begun = open.get(thread);
      open.delete(thread);
      if (begun === undefined) throw new Error(`line ${at + 1} resumes what never began: ${rest}`);
      const whole = { ...begun, text: begun.text + rest.replace(RESUMED, '') };
      calls.push(callOf(whole, at));
    } else if (rest.endsWith(UNFINISHED)) {
      open.set(thread, { thread, beganAt: at, text: rest.slice(0, -UNFINISHED.length) });
    } else if (CALL.test(rest)) calls.push(callOf({ thread, beganAt: at, text: rest }, at));
  });
  for (const begun of open.values()) calls.push(callOf(begun, Number.POSITIVE_INFINITY));
  return calls.sort((a, b) => a.beganAt - b.beganAt);
}

function callOf({ thread, beganAt, text }: Begun, endedAt: number): SystemCall {
  const [, inner = text, answer = '?', after = ''] = ENDING.exec(text) ?? [];
  const [, name = '', words = ''] = CALL.exec(inner) ?? [];
  const [, descriptor, file = ''] = DESCRIPTOR.exec(words) ?? [];
  return {
    thread,
    name,
    words,
    file,
    descriptor: Number(descriptor ?? Number.NaN),
    beganAt,
    endedAt,
    result: answer === '?' ? undefined : Number(answer),
    injected: after.includes('(INJECTED)'),
  };
}
