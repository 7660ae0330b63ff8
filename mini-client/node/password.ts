/** Reads a password: a line of standard input, or typed without being shown. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** The first line of a stream, without its line end; empty when there is none. */
export async function readFirstLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input, terminal: false });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return '';
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
