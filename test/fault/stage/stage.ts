/**
 * Where a fault is played: a data directory with the papers that a gate needs, and accounts with
 * applications that may be submitted. No portal is needed for it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPortal, dayAt, type Portal } from '#bench/fairness/papers.ts';
import { limits } from '#engine/limits.ts';
import { applicationId } from '#test/support/register-entries.ts';
import type { Scope } from '#test/support/scope.ts';

export interface StageAccount {
  readonly account: string;
  readonly passbooks: readonly string[];
  readonly applications: readonly string[];
}

export interface Stage {
  /** The data directory. */
  readonly data: string;
  /** For whatever else the scenario writes; removed with it. */
  readonly folder: string;
  readonly accounts: readonly StageAccount[];
  readonly opensAtUs: number;
  readonly portal: Portal;
}

export const FAULT_DAY = '2011-01-31';
const US_A_MS = 1_000;

export interface StageOptions {
  readonly accounts: number;
  /** Of each account; at most what one connection may present. */
  readonly applications: number;
  /** Milliseconds from now; negative when it is open already. */
  readonly opensInMs?: number;
  /** Where the data directory lies; the folder for temporary files when left out. */
  readonly parent?: string;
}

export function openStage(scope: Scope, options: StageOptions): Stage {
  const { accounts: count, opensInMs = -60_000 } = options;
  const applications = Math.min(options.applications, limits.applicationsPerConnectionMax);
  const folder = mkdtempSync(join(options.parent ?? tmpdir(), 'clickday-fault-'));
  scope.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  const opensAtUs = (Date.now() + opensInMs) * US_A_MS;
  const portal = createPortal();
  portal.lay(data, [dayAt(FAULT_DAY, opensAtUs)]);
  const accounts = Array.from({ length: count }, (_, at) =>
    accountOf(portal, { number: at, applications }),
  );
  return { data, folder, accounts, opensAtUs, portal };
}

function accountOf(portal: Portal, of: { number: number; applications: number }): StageAccount {
  const account = `account-${of.number}`;
  const first = of.number * of.applications + 1;
  const applications = Array.from({ length: of.applications }, (_, at) =>
    applicationId(first + at),
  );
  const lines = applications.map((id) => ({ id, clickDay: FAULT_DAY }));
  return { account, applications, passbooks: portal.passbooks(account, lines) };
}
