/**
 * The log of a process: one JSON object a line on standard error. No secret, token, passbook or
 * personal datum is ever put into a line; identifiers are.
 */
import { type Logger, pino, stdSerializers } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

const STANDARD_ERROR = 2;

/** A log for the process `name`. Writing does not wait for the disk. */
export function createLog(options: { name: string; level?: string }): Log {
  const destination = pino.destination({ dest: STANDARD_ERROR, sync: false });
  const serializers = { error: stdSerializers.err };
  const { name, level = 'info' } = options;
  return pino({ level, base: { name }, serializers }, destination);
}

/** A log that says nothing: for tests and for tools that speak for themselves. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}
