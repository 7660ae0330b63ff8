/** Reads a password and a code: lines of standard input, or typed without being shown. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Gives the lines of a stream one by one, each when it is asked for; empty when there is none. */
export function lineReader(input: NodeJS.ReadableStream): {
  next(): Promise<string>;
  close(): void;
} {
  const reader = createInterface({ input, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value, done } = await lines.next();
      return done ? '' : value;
    },
    close: () => reader.close(),
  };
}

/** Asks on the terminal; what is typed is not echoed. */
export async function askPassword(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  const answer = await new Promise<string>((resolve) => {
    terminal.once('close', () => resolve(''));
    terminal.question('', resolve);
  });
  terminal.close();
  process.stderr.write('\n');
  return answer;
}
