/** The thread that searches, as the portal sees it: bounded, and replaced when it hangs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { createSearchEngine } from '#engine/portal/search/index.ts';
import { openDatabase } from '#engine/store/database/index.ts';

function engineWith(thread?: URL) {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-search-'));
  const database = openDatabase(join(folder, 'portal.sqlite'));
  const parts = { path: database.path, timers: systemTimers(), log: silentLog() };
  const engine = createSearchEngine({ ...parts, ...(thread && { thread, queryMsMax: 20 }) });
  onTestFinished(async () => {
    await engine.close();
    database.close();
    rmSync(folder, { recursive: true });
  });
  const query = { sort: 'name', isDescending: false, limit: 1, filters: {} } as const;
  const ask = (caller: string) => engine.find({ ...query, scope: { kind: 'all' } }, caller);
  return { engine, ask };
}

it('a thread that says nothing is ended, and whoever waits is told to come again', async () => {
  const { ask } = engineWith(new URL('../support/silent-search-thread.ts', import.meta.url));
  const asked = ['one', 'two', 'three'].map((caller) => ask(caller).catch(({ code }) => code));
  expect(await Promise.all(asked)).toEqual(['BUSY', 'BUSY', 'BUSY']);
});

it('one caller has four places among those that wait, all together 64', async () => {
  const { ask } = engineWith();
  const outcome = (caller: string) =>
    ask(caller).then(
      () => 'found',
      ({ code }) => code,
    );
  const own = await Promise.all(Array.from({ length: 7 }, () => outcome('one')));
  expect(own).toEqual([...Array(4).fill('found'), ...Array(3).fill('BUSY')]);
  const all = await Promise.all(Array.from({ length: 70 }, (_, at) => outcome(String(at))));
  expect(all.filter((code) => code === 'BUSY').length).toBe(5);
});

it('a closed engine refuses', async () => {
  const { engine, ask } = engineWith();
  await engine.close();
  await expect(ask('one')).rejects.toThrow('BUSY');
});
