/** What a person and a program are told when a command cannot go on. */
import type { Output } from '../output.ts';
import { PortalTrouble } from '../portal.ts';
import type { TextKey } from '../texts.ts';
import { type CommandContext, Refusal, type Work } from './context.ts';

/** What a person can do something about. */
const systemTexts: Readonly<Record<string, TextKey>> = {
  ...{ ENOSPC: 'diskFull', EDQUOT: 'diskFull', EADDRINUSE: 'portTaken' },
  ...{ EACCES: 'notWritable', EPERM: 'notWritable', EROFS: 'notWritable', ENOTDIR: 'notWritable' },
  ...{ ELOOP: 'notWritable', ENAMETOOLONG: 'notWritable' },
};

export interface Failure {
  /** A text's key, an outcome's code, or the system's own. */
  readonly code: string;
  readonly message: string;
  readonly exitCode: 1 | 2;
}

/** The failure that an error stands for; throws again what is a defect of the program. */
export function failureOf(error: unknown, output: Output): Failure {
  if (error instanceof Refusal) {
    const { key, values, exitCode } = error;
    return { code: key, message: output.text(key, values), exitCode };
  }
  if (error instanceof PortalTrouble) {
    return { code: error.code, message: error.message, exitCode: 1 };
  }
  if (isSystemError(error)) {
    const isMaking = error.syscall === 'mkdir';
    const key = systemTexts[error.code] ?? (isMaking ? 'notWritable' : undefined);
    const message = key === undefined ? error.message : output.text(key, { code: error.code });
    return { code: error.code, message, exitCode: 1 };
  }
  throw error;
}

/** Runs a command; a refusal becomes a sentence and an exit status. */
export async function guarded(context: CommandContext, work: Work): Promise<number> {
  const { output } = context;
  try {
    return await work(context);
  } catch (error) {
    const { code, message, exitCode } = failureOf(error, output);
    if (error instanceof Refusal) output.line(message);
    else output.say('failed', { message });
    output.data({ event: 'error', code, message });
    return exitCode;
  } finally {
    output.flush();
  }
}

/** A full disk, a missing permission: trouble of the computer, not of the program. */
function isSystemError(error: unknown): error is Error & { code: string; syscall: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
