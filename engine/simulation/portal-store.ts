/**
 * What the portal's database keeps of submissions, in the simulation: which applications are
 * submitted and have a receipt, and how far that has come, in one transaction.
 */
import type { RegisterEntry, Submissions } from '#engine/register/index.ts';
import type { Environment } from '#engine/store/index.ts';

export interface PortalStore extends Submissions {
  lastPlace(): number;
  apply(entries: readonly RegisterEntry[]): Promise<void>;
  markReceipts(applications: readonly string[]): Promise<void>;
  /** The place at which an application was submitted. */
  submittedAt(application: string): number | undefined;
}

const CURSOR = 'lastPlace';

/** @param isCursorFirst a mutant's: how far it is, then the work */
export function createPortalStore(environment: Environment, isCursorFirst = false): PortalStore {
  const state = environment.table<string>('state', 'text');
  const submitted = environment.table<string>('submitted', 'text');
  const receipts = environment.table<string>('receipts', 'text');
  const numberIn = (bytes: Buffer | undefined) => (bytes === undefined ? 0 : Number(bytes));
  const bytesOf = (number: number) => Buffer.from(String(number));

  const mark = (entries: readonly RegisterEntry[]) => {
    for (const { place, entry, duplicateOf } of entries) {
      if (duplicateOf === null) submitted.put(entry.application, bytesOf(place));
    }
  };
  const moveCursor = (entries: readonly RegisterEntry[]) => {
    state.put(CURSOR, bytesOf(entries.at(-1)?.place ?? 0));
  };

  return {
    lastPlace: () => numberIn(state.get(CURSOR)),
    submittedAt: (application) => numberIn(submitted.get(application)) || undefined,
    apply: async (entries) => {
      if (isCursorFirst) await environment.transaction(() => moveCursor(entries));
      await environment.transaction(() => {
        mark(entries);
        moveCursor(entries);
      });
    },
    markReceipts: (applications) =>
      environment.transaction(() => {
        for (const application of applications) receipts.put(application, bytesOf(1));
      }),
  };
}
