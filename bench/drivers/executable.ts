/** The mini-client as people download it, built for this computer. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#bench/system.ts';

/** Builds it into `directory` and returns its path; about half a minute. */
export function buildExecutable(directory: string): string {
  const target = `linux-${process.arch}`;
  const words = ['--disable-warning=ExperimentalWarning', 'mini-client/package/build.ts'];
  const built = spawnSync(process.execPath, [...words, '--target', target, '--out', directory], {
    ...{ cwd: ROOT, encoding: 'utf8' },
  });
  const name = readdirSync(directory).find((file) => file.endsWith(target));
  if (name === undefined) throw new Error(`the executable was not built: ${built.stderr}`);
  return join(directory, name);
}
