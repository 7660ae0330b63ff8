/**
 * What a rehearsal shows while it runs: phases, bars, a countdown, on standard error. On a terminal
 * one line is drawn over; elsewhere (a log, a pipe) a line appears when something has changed, at
 * most one every two seconds.
 */
import type { Clock } from '#engine/clock/index.ts';

export interface Screen {
  /** A new phase, numbered. */
  phase(title: string): void;
  /** The changing line of the phase. */
  line(text: string): void;
  /** A line that stays. */
  note(text: string): void;
  bar(label: string, done: number, total: number, extra?: string): void;
}

const BAR_WIDTH = 28;
const LINE_EVERY_US = 2_000_000;

export function createScreen(options: {
  clock: Clock;
  write: (text: string) => void;
  isTerminal: boolean;
}): Screen {
  const { clock, write, isTerminal } = options;
  let phases = 0;
  let drawn = '';
  let drawnAtUs = 0;

  const finishLine = () => {
    if (isTerminal && drawn !== '') write('\n');
    drawn = '';
    drawnAtUs = 0;
  };
  const line = (text: string) => {
    if (text === drawn) return;
    if (isTerminal) write(`\r\u001b[2K    ${text}`);
    else if (clock.nowUs() - drawnAtUs < LINE_EVERY_US) return;
    else write(`    ${text}\n`);
    drawn = text;
    drawnAtUs = clock.nowUs();
  };
  return {
    phase: (title) => {
      finishLine();
      phases += 1;
      write(`${phases}. ${title}\n`);
    },
    line,
    note: (text) => {
      finishLine();
      write(`    ${text}\n`);
    },
    bar: (label, done, total, extra = '') => {
      const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      line(`${label} ${bar} ${done}/${total} ${extra}`.trimEnd());
    },
  };
}
