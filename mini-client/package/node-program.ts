/**
 * Node's program for another computer: fetched once from the registry, checked against its digest,
 * kept in `.cache/node`. Nothing of it is installed or run here.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './targets.ts';

/** The path of the program. Throws a sentence when it cannot be had. */
export function nodeProgram(target: Target, root: string): string {
  const cache = join(root, '.cache', 'node');
  const directory = join(cache, `${target.package}-${target.version}`);
  const program = join(directory, 'package', target.path);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, '.fetching-'));
  try {
    const archive = fetchArchive(target, draft);
    checkDigest(archive, target);
    must('tar', ['-xzf', archive, '-C', draft]);
    rmSync(archive);
    rmSync(directory, { recursive: true, force: true });
    renameSync(draft, directory);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  if (!existsSync(program)) throw new Error(`${target.package} holds no ${target.path}`);
  return program;
}

function fetchArchive(target: Target, directory: string): string {
  const wanted = `${target.package}@${target.version}`;
  const out = must('npm', ['pack', wanted, '--silent', '--pack-destination', directory]);
  return join(directory, out.trim().split('\n').at(-1) ?? '');
}

function checkDigest(archive: string, { integrity, package: name }: Target): void {
  const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (`sha512-${digest}` !== integrity) {
    throw new Error(`${name}: what the registry gave is not what was expected; nothing is built`);
  }
}

function must(program: string, words: readonly string[]): string {
  const run = spawnSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (run.error !== undefined) throw new Error(`${program}: ${run.error.message}`);
  if (run.status !== 0) throw new Error(`${program} ${words[0]}: ${run.stderr.trim()}`);
  return run.stdout;
}
