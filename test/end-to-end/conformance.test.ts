/** The command `clickday conformance` on a real system, and what it says of a log that lies. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Mangle, manglingProxy } from '#test/support/mangling-proxy.ts';
import { clickday, fixture, runningSystem, temporaryDirectory } from '#test/support/system.ts';

interface Said {
  readonly check: string;
  readonly ok: boolean | null;
}

/** Which checks did not keep, with their verdict. */
async function judged(gate: string, accounts: string) {
  const { status, stdout } = await clickday([
    ...['conformance', '--gate', gate, '--accounts', accounts, '--json'],
  ]);
  const lines = stdout.trim().split('\n');
  const said = lines.map((line) => JSON.parse(line) as Said).filter(({ ok }) => ok !== true);
  return { status, said: said.map(({ check, ok }) => [check, ok]) };
}

/** Another root under the same signature, and entries with another office. */
const LIES: Mangle = {
  http: (reply, path) => {
    const flip = (from: string, to: string) => Buffer.from(String(reply.body).replace(from, to));
    if (path.endsWith('/checkpoint')) return { ...reply, body: flip('\n', '0\n') };
    return reply;
  },
};
const OTHER_LEAVES: Mangle = {
  http: (reply, path) => {
    if (!path.includes('/entries/')) return reply;
    const body = Buffer.from(reply.body.toString('latin1').replaceAll('"office":"', '"office":"X'));
    return { ...reply, body };
  },
};

describe('clickday conformance', () => {
  it('keeps a real gate to the protocol, and finds out a log that lies', async () => {
    const folder = temporaryDirectory();
    const data = join(folder, 'data');
    const [account] = await fixture({
      ...{ data, accounts: 1, applications: 200, words: ['--opens-in', '0'] },
    });
    const accounts = join(folder, 'accounts.ndjson');
    writeFileSync(accounts, `${JSON.stringify(account)}\n`);
    const system = await runningSystem({ data });
    const always = [
      ['too-early', null],
      ['closed', null],
    ];
    expect(await judged(system.gate!, accounts)).toEqual({ status: 0, said: always });

    const proxy = await manglingProxy(system.gate!);
    onTestFinished(() => proxy.close());
    proxy.mangle = LIES;
    const lying = await judged(proxy.url, accounts);
    expect(lying.status).toBe(1);
    expect(lying.said).toEqual([...always, ['checkpoint', false], ['entry-in-log', false]]);
    proxy.mangle = OTHER_LEAVES;
    expect((await judged(proxy.url, accounts)).said).toEqual([...always, ['entry-in-log', false]]);
  });

  it('needs the address of a gate, and a file of accounts', async () => {
    expect((await clickday(['conformance', '--gate', 'nowhere'])).status).toBe(2);
    const words = ['--gate', 'ws://127.0.0.1:1', '--accounts', 'package.json'];
    expect((await clickday(['conformance', ...words])).status).toBe(2);
    expect((await clickday(['conformance'])).status).toBe(2);
  });

  it('says of a client that never came what it missed', async () => {
    const words = ['--gate', '127.0.0.1:0', '--opens-in', '0', '--seconds', '1', '--json'];
    const { status, stdout } = await clickday(['conformance-client', ...words]);
    const [ready, ...said] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Said);
    expect(ready).toMatchObject({ ready: true, gate: expect.stringMatching(/^ws:/) });
    const wrong = said.filter(({ ok }) => ok === false).map(({ check }) => check);
    expect([status, wrong]).toEqual([1, ['hello-first', 'starts', 'complete']]);
  });
});
