/** The mini-client as people download it, built for this computer. */
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ROOT } from '#bench/system.ts';

/** How much of a download is written at once. */
const PIECE_BYTES = 16 * 1024;

/**
 * Builds it into `directory` and returns the path of a copy; about half a minute. The copy is
 * written in pieces, as a download is: a file that was written in one piece lies in the kernel's
 * cache in large pieces too, and is mapped whole into the memory of whoever runs it, 30 MB more
 * that the program never reads.
 */
export async function buildExecutable(directory: string): Promise<string> {
  const target = `linux-${process.arch}`;
  const words = ['--disable-warning=ExperimentalWarning', 'mini-client/package/build.ts'];
  const built = spawnSync(process.execPath, [...words, '--target', target, '--out', directory], {
    ...{ cwd: ROOT, encoding: 'utf8' },
  });
  const name = readdirSync(directory).find((file) => file.endsWith(target));
  if (name === undefined) throw new Error(`the executable was not built: ${built.stderr}`);
  const path = join(directory, 'mini-client');
  await pipeline(
    createReadStream(join(directory, name), { highWaterMark: PIECE_BYTES }),
    createWriteStream(path, { mode: 0o755 }),
  );
  return path;
}
