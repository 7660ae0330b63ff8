/**
 * The exit status of a command line: 0 done, 1 a check failed or an operation was refused, 2 wrong
 * usage; and the sentence on standard error that says why, with its code.
 */
import { CommanderError } from 'commander';
import { ConfigInvalid } from '../config.ts';
import { outcomes } from '../protocol/outcomes.ts';
import { Refused, say } from './words.ts';

export const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** What a value that cannot be used throws. */
export function usage(message: string): CommanderError {
  return new CommanderError(WRONG_USAGE, 'clickday.usage', message);
}

/** The exit status of what a command threw, after saying why. */
export function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.code === 'clickday.usage') say(`error: ${error.message}`);
    return error.exitCode === 0 ? DONE : WRONG_USAGE;
  }
  if (error instanceof ConfigInvalid) {
    say(`error: CONFIG_INVALID: ${error.message}`);
    return WRONG_USAGE;
  }
  if (isCalled(error, 'LockHeld')) {
    say(`error: DIRECTORY_IN_USE: ${outcomes.DIRECTORY_IN_USE.en}`);
    return FAILED;
  }
  if (isCalled(error, 'DirectoryUnwritable')) {
    say(`error: DIRECTORY_UNWRITABLE: ${outcomes.DIRECTORY_UNWRITABLE.en} (${error.message})`);
    return FAILED;
  }
  if (isCalled(error, 'ModelsInvalid')) {
    say(`error: MODELS_INVALID: ${error.message}`);
    return FAILED;
  }
  if (isCalled(error, 'DataFormatUnknown', 'LedgerFormatUnknown')) {
    say(`error: FORMAT_UNKNOWN: ${error.message}`);
    return FAILED;
  }
  if (isPortTaken(error)) {
    say(`error: PORT_TAKEN: ${outcomes.PORT_TAKEN.en} (${error.message})`);
    return FAILED;
  }
  if (isCalled(error, 'StoreDamaged')) {
    say(`error: STORE_DAMAGED: ${outcomes.STORE_DAMAGED.en} (${error.message})`);
    return FAILED;
  }
  if (error instanceof Refused) {
    say(`error: ${error.code}: ${error.message}`);
    return error.code === 'USAGE' ? WRONG_USAGE : FAILED;
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return FAILED;
}

/**
 * By its name: one that crossed from a thread has lost its class; and a room need not be loaded to
 * say what is wrong with a word of the command line.
 */
function isCalled(error: unknown, ...names: readonly string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}

/** The gate finds out by itself, the portal by the system's word. */
function isPortTaken(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error.name === 'PortTaken' || (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}
