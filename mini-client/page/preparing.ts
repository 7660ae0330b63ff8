/**
 * Prepares a click day for every account, one after the other: what two of them may send, as
 * members of one organisation, is the first one's, so that it leaves once.
 */
import type { Failure } from '../commands/failure.ts';
import { prepare } from '../commands/prepare.ts';
import type { Prepared } from '../node/directory.ts';
import type { Accounts } from './accounts.ts';
import type { Workbench } from './workbench.ts';

export interface Preparation {
  readonly bench: Workbench;
  /** What lies ready on disk, of now or of an earlier time. */
  readonly prepared: Prepared | undefined;
  /** Undefined: it is of now. */
  readonly failure: Failure | undefined;
}

export async function prepareAll(accounts: Accounts, clickDay: string): Promise<Preparation[]> {
  const taken = new Set<string>();
  const preparations: Preparation[] = [];
  for (const bench of accounts.allOrRoot) {
    const { failure } = await bench.run((context) =>
      prepare(context, { clickDay, without: taken }),
    );
    const prepared = preparedFor(bench, clickDay);
    if (failure === undefined) for (const { id } of prepared?.applications ?? []) taken.add(id);
    preparations.push({ bench, prepared, failure });
  }
  return preparations;
}

export function preparedFor({ base }: Workbench, clickDay: string): Prepared | undefined {
  return base.directory.prepared().find((one) => one.clickDay.id === clickDay);
}
