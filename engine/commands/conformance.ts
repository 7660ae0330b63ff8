/**
 * `clickday conformance --gate URL [--accounts FILE]`: does a gate keep to the protocol? Exit status
 * 0 when nothing deviates, 1 when something does, 2 when nothing could be checked.
 */
import { readFileSync } from 'node:fs';
import { systemTimers } from '#engine/clock/index.ts';
import {
  CHECKS,
  type CheckResult,
  type Presented,
  readAccounts,
  runChecks,
  statesOf,
} from '#engine/conformance/index.ts';
import { emit, say } from './context.ts';
import { usage } from './exit-status.ts';

interface Flags {
  readonly gate: string;
  readonly accounts?: string;
  readonly json?: boolean;
}

const PATH = '/v1/submissions';

export async function conformance(flags: Flags): Promise<void> {
  const parts = {
    gate: gateOf(flags.gate),
    accounts: flags.accounts === undefined ? [] : accountsIn(flags.accounts),
    timers: systemTimers(),
  };
  const results: CheckResult[] = [];
  for await (const result of runChecks(parts, CHECKS, await statesOf(parts))) {
    results.push(result);
    if (flags.json) emit({ ...result });
    else tell(result);
  }
  if (!flags.json) tellCounts(results);
  if (results.some(({ ok }) => ok === false)) process.exitCode = 1;
}

/** The last line for people. */
export function tellCounts(results: readonly CheckResult[]): void {
  const count = (wanted: boolean | null) => results.filter(({ ok }) => ok === wanted).length;
  say(`${count(true)} kept, ${count(false)} deviate, ${count(null)} could not be checked`);
}

export function tell({ check, rule, ok, detail }: CheckResult): void {
  const verdict = ok === null ? 'skipped ' : ok ? 'kept    ' : 'DEVIATES';
  say(`${verdict}  ${check}: ${rule}${detail === '' ? '' : `\n          ${detail}`}`);
}

/** Takes `http(s)` and `ws(s)`, with the path of the door or without. */
function gateOf(address: string): string {
  try {
    const url = new URL(address.replace(/^http/, 'ws'));
    if (!/^wss?:$/.test(url.protocol)) throw new Error('no WebSocket address');
    if (url.pathname === '/') url.pathname = PATH;
    return url.href;
  } catch {
    throw usage(`--gate ${address}: not the address of a gate (ws://host:port)`);
  }
}

function accountsIn(file: string): Presented[] {
  try {
    return readAccounts(readFileSync(file, 'utf8'));
  } catch (error) {
    throw usage(`--accounts ${file}: ${(error as Error).message}`);
  }
}
