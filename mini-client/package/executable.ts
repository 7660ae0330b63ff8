/**
 * One executable file: Node's program for a target with the mini-client inside it ("single
 * executable application" of Node). Its own start code looks for the part that is put in here.
 *
 * What another computer's system wants to see signed cannot be signed here: Windows warns of an
 * unknown publisher, macOS asks for `codesign` on a Mac; the portal's page says so.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inject } from 'postject';
import { PAGE_ASSET } from '../page/assets.ts';
import { DRAWING_ASSET } from '../summary/drawing.ts';
import { FONT_ASSET, packagedFont } from '../summary/font.ts';
import type { Bundle } from './bundle.ts';
import type { Target } from './targets.ts';

/** The word that Node's programs carry where they look whether something was put into them. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const RESOURCE = 'NODE_SEA_BLOB';

/**
 * The part that all targets get: the bundle, the page's files, what draws the summary and its font,
 * as Node packs them. `page` is what `packAssets` made. Returns its path.
 */
export function packedPart({ program, drawing }: Bundle, page: string, directory: string): string {
  const config = join(directory, 'sea-config.json');
  const output = join(directory, 'mini-client.blob');
  writeFileSync(join(directory, PAGE_ASSET), page);
  writeFileSync(join(directory, FONT_ASSET), packagedFont());
  writeFileSync(
    config,
    JSON.stringify({
      // A name without folders: it becomes part of what is packed, and builds shall be alike.
      main: basename(program),
      output: basename(output),
      disableExperimentalSEAWarning: true,
      // Neither would work in a program for another processor.
      useSnapshot: false,
      useCodeCache: false,
      assets: {
        [PAGE_ASSET]: PAGE_ASSET,
        [DRAWING_ASSET]: basename(drawing),
        [FONT_ASSET]: FONT_ASSET,
      },
    }),
  );
  const run = spawnSync(process.execPath, ['--experimental-sea-config', config], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`node --experimental-sea-config: ${run.stderr.trim()}`);
  return output;
}

/** Writes the executable `file`. About a second a target. */
export async function makeExecutable(parts: {
  readonly target: Target;
  readonly program: string;
  readonly part: string;
  readonly file: string;
}): Promise<void> {
  const { target, program, part, file } = parts;
  copyFileSync(program, file);
  chmodSync(file, 0o755);
  const isMac = target.name.startsWith('darwin');
  await inject(file, RESOURCE, readFileSync(part), {
    sentinelFuse: FUSE,
    ...(isMac ? { machoSegmentName: 'NODE_SEA' } : {}),
  });
}
