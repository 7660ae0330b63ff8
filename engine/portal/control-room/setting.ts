/** Small facts that must outlive the process: cursors, last issue numbers. Text by key. */
import type { Database } from '../../store/database/index.ts';

/** The text under `key`, null when there is none. */
export function readSetting({ build, first }: Database, key: string): string | null {
  return first(build.selectFrom('settings').select('value').where('key', '=', key))?.value ?? null;
}

/** Writes the text under `key`; joins an open transaction. */
export function writeSetting({ build, run }: Database, key: string, value: string): void {
  const row = build.insertInto('settings').values({ key, value });
  run(row.onConflict((conflict) => conflict.column('key').doUpdateSet({ value })));
}
