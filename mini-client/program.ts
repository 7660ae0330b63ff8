/**
 * The mini-client as a program: one command line on this process, ended in good order by Ctrl-C.
 * The same from the sources and as one executable file.
 */
import './node/small-heap.ts';
import { run } from './cli.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interruption.abort());
}
void run({
  argv: process.argv.slice(2),
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: interruption.signal,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
