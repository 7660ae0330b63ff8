/**
 * What happened, in order: a line an event, kept as a digest, and in full when somebody wants to
 * read it. Two runs of one seed are the same when their digests are.
 */
import { createHash } from 'node:crypto';

export interface Trace {
  note(who: string, what: string): void;
  /** Of all lines so far. */
  digest(): string;
}

const LINES_AT_ONCE = 256;
const DIGEST_LENGTH = 16;

/** @param onLine hears every line */
export function createTrace(nowUs: () => number, onLine?: (line: string) => void): Trace {
  const hash = createHash('sha256');
  let lines: string[] = [];
  const fold = () => {
    hash.update(lines.join('\n'));
    lines = [];
  };
  return {
    note: (who, what) => {
      const line = `${nowUs()} ${who} ${what}`;
      lines.push(line);
      onLine?.(line);
      if (lines.length === LINES_AT_ONCE) fold();
    },
    digest: () => {
      fold();
      return hash.copy().digest('hex').slice(0, DIGEST_LENGTH);
    },
  };
}
