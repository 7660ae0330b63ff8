/** What was seen of each fault, kept one file each beside the scenarios, for the page. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './scenario.ts';

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly day: string;
  readonly machine: string;
  readonly seed: number;
  readonly seconds: number;
  readonly outcome: Outcome;
}

const FOLDER = fileURLToPath(new URL('../results/', import.meta.url));

export function writeResult(result: Result): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(result.name), `${JSON.stringify(result, undefined, 2)}\n`);
}

export function readResult(name: string): Result | undefined {
  const file = fileOf(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined;
}

function fileOf(name: string): string {
  return `${FOLDER}${name}.json`;
}
