/**
 * A program of a later Debian release, without touching the system: apt reads the machine's own
 * sources with the release's name replaced, keeps its lists in a folder of its own, and the package
 * is unpacked, not installed. It works for programs that need little beside libc, as those in Go.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotDone } from '#bench/peers/store-server.ts';

const SOURCES = '/etc/apt/sources.list';
const PARTS = '/etc/apt/sources.list.d';
const RELEASE = '/etc/os-release';

/** The sources of another release: `text` with every name of this release replaced. */
export function sourcesOf(text: string, release: { now: string; later: string }): string {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines.join('\n').replaceAll(new RegExp(`\\b${release.now}\\b`, 'g'), release.later);
}

/** Writes the machine's sources of Debian for release `later` below `folder`. */
function writeSources(folder: string, later: string): void {
  const told = existsSync(RELEASE) ? readFileSync(RELEASE, 'utf8') : '';
  const now = /^VERSION_CODENAME=(\w+)$/m.exec(told)?.[1];
  if (now === undefined) throw new NotDone('this is no Debian with a release name');
  const parts = existsSync(PARTS) ? readdirSync(PARTS).map((name) => join(PARTS, name)) : [];
  const files = [SOURCES, ...parts].filter((path) => existsSync(path));
  let written = 0;
  for (const path of files.filter((one) => /\.(list|sources)$/.test(one))) {
    const text = readFileSync(path, 'utf8');
    if (!text.includes(now)) continue;
    const ending = path.endsWith('.sources') ? 'sources' : 'list';
    written += 1;
    writeFileSync(join(folder, `later-${written}.${ending}`), sourcesOf(text, { now, later }));
  }
}

/**
 * Unpacks `name` of Debian's release `later` into `folder`, which is made anew. Throws `NotDone`
 * where there is no apt or it cannot reach its mirror.
 */
export function unpackFromLater(name: string, options: { folder: string; later: string }): void {
  const { folder, later } = options;
  const apt = join(folder, 'apt');
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['sources', 'lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(apt, part), { recursive: true });
  }
  writeSources(join(apt, 'sources'), later);
  const settings = [
    ...['Dir::Etc::sourcelist=/dev/null', `Dir::Etc::sourceparts=${join(apt, 'sources')}`],
    ...[`Dir::State::lists=${join(apt, 'lists')}`, `Dir::Cache=${join(apt, 'cache')}`],
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting]);
  const run = (...words: string[]) =>
    spawnSync('apt-get', [...settings, '-qq', ...words], { cwd: apt, stdio: 'ignore' });
  // One source of several may fail to have that release: what counts is the package.
  run('update');
  run('download', name);
  const archive = readdirSync(apt).find((file) => file.endsWith('.deb'));
  if (archive === undefined) throw new NotDone(`apt-get could not fetch ${name} of ${later}`);
  execFileSync('dpkg-deb', ['-x', join(apt, archive), folder]);
  rmSync(apt, { recursive: true });
}
