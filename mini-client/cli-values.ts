/** Values of options as a person types them, each refused with a sentence. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { Margin } from './core/index.ts';
import { ACCOUNT_NAME } from './node/accounts.ts';

/** A number of seconds, at most some months. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0 || value > 10_000_000) {
    throw new InvalidArgumentError('a number of seconds is needed.');
  }
  return value;
}

/** Milliseconds, or `certain`. */
export function margin(text: string): Margin {
  const ms = Number(text);
  if (text === 'certain') return text;
  if (text.trim() === '' || !(ms >= 0 && ms <= 60_000)) {
    throw new InvalidArgumentError('milliseconds from 0 to 60000, or certain.');
  }
  return ms;
}

/** A port of this computer; 0 for any free one. */
export function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535) {
    throw new InvalidArgumentError('a port is a number up to 65535.');
  }
  return value;
}

/** `n/count`. */
export function shard(text: string): { number: number; count: number } {
  const match = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text);
  const [number, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || number > count) {
    throw new InvalidArgumentError('for example 1/4.');
  }
  return { number, count };
}

/** The name of an account: it becomes a folder. */
export function accountName(text: string): string {
  if (ACCOUNT_NAME.test(text)) return text;
  throw new InvalidArgumentError('letters, digits and . _ @ + - only.');
}

/** Identifiers in a file, one a line; empty lines and those that begin with # are skipped. */
export function idsInFile(path: string): readonly string[] {
  try {
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim());
    return lines.filter((line) => line !== '' && !line.startsWith('#'));
  } catch {
    throw new InvalidArgumentError(`the file ${path} cannot be read.`);
  }
}

/** Without the members that were not given. */
export function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
