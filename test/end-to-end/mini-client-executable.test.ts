/**
 * The mini-client as one executable file: built here, put into a root directory that holds nothing
 * but the C library, and taken through a click day there, from log-in to receipt.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  fixture,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
} from '#test/support/system.ts';

const BUILDER = 'mini-client/package/build.ts';
const LINUX = `linux-${process.arch}`;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A root directory with the program and the libraries it names, no Node, no shell. */
function bareRoot(program: string, root: string): string {
  mkdirSync(join(root, 'home'), { recursive: true });
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  for (const [library] of stdout.matchAll(/\/\S+\.so\S*/g)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
  copyFileSync(program, join(root, 'mini-client'));
  return root;
}

/** Runs it there to its end. */
function runIn(root: string, words: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = startIn(root, words);
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => (out.stdout += data));
    child.stderr.on('data', (data) => (out.stderr += data));
    child.on('close', (status) => resolve({ status, ...out }));
    child.stdin.end(input);
  });
}

/** A user without rights gets a root of his own from the kernel. */
function startIn(root: string, words: readonly string[]) {
  const chroot = ['/usr/sbin/chroot', root, '/mini-client', ...words, '--directory', '/home'];
  const isRoot = process.getuid?.() === 0;
  const [program = '', ...rest] = isRoot
    ? chroot
    : ['/usr/bin/unshare', '--map-root-user', ...chroot];
  return spawn(program, rest, { env: { LANG: 'C' }, stdio: 'pipe' });
}

describe('the mini-client in one file', () => {
  let out: string;
  let root: string;

  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), 'clickday-mini-client-'));
    const words = ['--disable-warning=ExperimentalWarning', BUILDER];
    const run = spawnSync(process.execPath, [...words, '--target', LINUX, '--out', out], {
      encoding: 'utf8',
    });
    expect(run.status, run.stderr).toBe(0);
    const name = readdirSync(out).find((file) => file.endsWith(LINUX)) ?? '';
    const sums = spawnSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' });
    expect(sums.stdout).toContain(`${name}: OK`);
    root = bareRoot(join(out, name), join(out, 'root'));
  });

  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it('says what it does where there is no Node', async () => {
    const help = await runIn(root, ['--help']);
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('wait for the opening, submit');
    expect((await runIn(root, ['no-such-command'])).status).toBe(2);
  });

  it('carries its page and serves it until it is told to stop', async () => {
    const child = startIn(root, ['page', '--json', '--no-open']);
    onTestFinished(() => void child.kill());
    const ended = once(child, 'close');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { origin, hash } = new URL((JSON.parse(line) as { address: string }).address);
    const text = await (await fetch(origin)).text();
    const [script = ''] = /\/assets\/[\w-]+\.js/.exec(text) ?? [];
    expect((await fetch(new URL(script, origin))).headers.get('content-type')).toMatch(
      /javascript/,
    );
    const headers = { origin, 'content-type': 'application/json' };
    const post = (path: string, body: object, more = {}) =>
      fetch(new URL(path, origin), {
        method: 'POST',
        headers: { ...headers, ...more },
        body: JSON.stringify(body),
      });
    const entered = await post('/api/enter', { token: hash.slice(1) });
    const { key } = (await entered.json()) as { key: string };
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await post('/api/stop', {})).status).toBe(401);
    expect((await post('/api/stop', {}, { cookie, 'x-clickday-page': key })).status).toBe(200);
    expect(await ended).toEqual([0, null]);
  });

  it('takes an account from log-in to receipts', async () => {
    const data = join(temporaryDirectory(), 'data');
    const [account] = await fixture({
      ...{ data, accounts: 1, applications: 3, words: ['--opens-in', '20'] },
    });
    const system = await runningSystem({ data });
    const portal = ['--portal', system.portal ?? ''];
    const login = ['login', '--email', account!.email, '--password-stdin', ...portal];
    expect((await runIn(root, login, `${account!.password}\n`)).status).toBe(0);
    expect((await runIn(root, ['prepare'])).status).toBe(0);
    const sent = await runIn(root, ['send', '--json', '--gate', submissionsUrl(system)]);
    expect(sent.status, sent.stderr).toBe(0);
    const accepted = sent.stdout.split('\n').filter((line) => line.includes('"event":"accepted"'));
    expect(accepted).toHaveLength(3);
    // send has fetched them by itself; now they are checked again, offline.
    const receipts = await runIn(root, ['receipts', '--wait', '60', '--json']);
    expect(receipts.status, receipts.stderr).toBe(0);
    const genuine = receipts.stdout.split('\n').filter((line) => line.includes('"isGenuine":true'));
    expect(genuine).toHaveLength(3);
    expect(receipts.stdout).not.toContain('"isNew":true');
    const summary = await runIn(root, ['summary', '--format', 'pdf', '--out', '/home/summary.pdf']);
    expect(summary.status, summary.stderr).toBe(0);
    expect(readdirSync(join(root, 'home', 'receipts'))).toHaveLength(3);
    const log = await runIn(root, ['verify-log', '--json']);
    expect([log.status, log.stdout], log.stderr).toEqual([
      0,
      expect.stringContaining('"found":3,"early":0,"missing":[]'),
    ]);
  });
});

describe('the builder', () => {
  const build = (...words: string[]) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', BUILDER, ...words], {
      encoding: 'utf8',
    });

  it('knows its targets and says so', () => {
    expect(build('--help').stdout).toContain('win-x64');
    const wrong = build('--target', 'beos');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('no such target: beos');
  });
});
