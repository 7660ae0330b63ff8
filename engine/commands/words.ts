/**
 * What a command says: a line for people, an object for programs, or that it refuses. Stands alone,
 * so that who only asks for `--help` loads nothing of the rooms.
 */
import type { OutcomeCode } from '#protocol/outcomes.ts';

/** The operation was refused: status 1, and 2 for the code USAGE. */
export class Refused extends Error {
  override name = 'Refused';
  readonly code: OutcomeCode;
  constructor(code: OutcomeCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A line for people, on standard error. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One JSON object for programs, on standard output. */
export function emit(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
