/**
 * `clickday log-key add|retire|revoke`: another key that signs the public log beside the first, the
 * end of the first, and of one that somebody else may have got hold of.
 */
import { existsSync } from 'node:fs';
import { addLogKey, retireLogKeys, revokeLogKey, verifierKeysIn } from '#engine/log/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { readConfig, text } from '../config.ts';
import { commandContext, directoryToRead, emit, Refused, say } from './context.ts';

interface Flags {
  readonly data?: string;
  readonly gateId?: string;
  readonly json?: boolean;
}

export function logKeyAdd(flags: Flags): void {
  const { path, gate, at } = keysOf(flags);
  addLogKey(path, at);
  tell(flags, path, `${gate} signs with one key more from its next start on`);
}

export function logKeyRetire(flags: Flags): void {
  const { path, gate } = keysOf(flags);
  const retired = retireLogKeys(path);
  if (retired === 0) throw new Refused('LOG_KEY_ALONE', `${gate} has one key only: add one first`);
  tell(flags, path, `${gate} signs with its newest key alone from its next start on`);
}

export function logKeyRevoke(key: string, flags: Flags): void {
  const { path, gate, at } = keysOf(flags);
  const outcome = revokeLogKey(path, key, at);
  if (outcome === 'unknown') {
    throw new Refused('LOG_KEY_MISSING', `${gate} has no log key ${key}: see ${path}`);
  }
  if (outcome === 'alone') {
    throw new Refused('LOG_KEY_ALONE', `${gate} signs with this key only: add one first`);
  }
  tell(flags, path, `Receipts with proofs that ${key} alone has signed are refused from now on`);
}

function keysOf(flags: Flags) {
  const config = readConfig({ data: flags.data, gateId: flags.gateId });
  const gate = text(config, 'gateId');
  const path = directoryToRead(config).log(gate).keys;
  if (!existsSync(path)) {
    throw new Refused('LOG_KEY_MISSING', `${gate} has no log key yet: it is made when it starts`);
  }
  const { clock } = commandContext(config, 'log-key');
  return { path, gate, at: isoFromUs(clock.nowUs()) };
}

function tell({ json }: Flags, path: string, sentence: string): void {
  const keys = verifierKeysIn(path);
  say(`${sentence}. Make the keys known before:`);
  if (json) emit({ keys });
  else process.stdout.write(keys.map((key) => `${key}\n`).join(''));
}
