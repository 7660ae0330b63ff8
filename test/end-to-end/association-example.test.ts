/** The example for associations runs as it stands, and again without any harm. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  exportedLedger,
  fixture,
  runningSystem,
  temporaryDirectory,
} from '#test/support/system.ts';

test('an association sends from its own program, and running it again changes nothing', async () => {
  const data = join(temporaryDirectory(), 'data');
  const words = ['--opens-in', '6'];
  const [account] = await fixture({ data, accounts: 1, applications: 3, words });
  const system = await runningSystem({ data });
  if (!account) throw new Error('no account');
  const folder = temporaryDirectory();
  const send = async () => {
    const program = 'mini-client/examples/association.ts';
    const own = [program, new URL(system.portal ?? '').origin, account.email, folder];
    const options = ['--disable-warning=ExperimentalWarning', ...own];
    const child = spawn(process.execPath, options, { stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.end(`${account.password}\n`);
    const [code] = await once(child, 'exit');
    return { code, register: readFileSync(join(folder, 'register.csv'), 'utf8') };
  };
  const first = await send();
  const rows = first.register.trimEnd().split('\r\n').slice(1);
  const told = rows.map((row) => row.split(',').map((cell) => cell.slice(1, -1)));
  const ledger = await exportedLedger(data);
  expect(first.code).toBe(0);
  expect(told.map(([id]) => id)).toEqual(ledger.map(({ application }) => application));
  expect(told.map((row) => row.at(2))).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
  expect(told.map((row) => row.at(-1))).toEqual(ledger.map(({ stamp }) => stamp));
  expect(await send()).toEqual(first);
  expect(await exportedLedger(data)).toHaveLength(3);
});
