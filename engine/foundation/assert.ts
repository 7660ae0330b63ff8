/**
 * What must hold whatever comes from outside. A failed assertion is an error of ours: it is checked
 * in production too, ends the process, and the supervisor starts it again from what is on disk.
 */

export class AssertionFailure extends Error {
  override name = 'AssertionFailure';
}

/** Throws AssertionFailure when `condition` is false. Never used for input from outside. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}
