/**
 * `npm run build:mini-client`: one executable file of the mini-client for each kind of computer,
 * with what a portal tells of it and a gzipped copy for the transfer.
 *
 *     mini-client/dist/builds.json                       names, targets, sizes, SHA-256
 *     mini-client/dist/SHA256SUMS                        for sha256sum --check
 *     mini-client/dist/clickday-mini-client-0.1.0-linux-x64[.gz]
 *     mini-client/dist/clickday-mini-client-0.1.0-win-x64.exe[.gz]
 *
 * builds.json names only what is complete: it is written last, by one rename.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import type { MiniClientBuild } from '#protocol/downloads.ts';
import { builtPage, packAssets } from '../page/assets.ts';
import { bundle } from './bundle.ts';
import { makeExecutable, packedPart } from './executable.ts';
import { nodeProgram } from './node-program.ts';
import { TARGET_NAMES, TARGETS, type Target } from './targets.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const HELP = `Usage: npm run build:mini-client -- [--target NAME …] [--out DIR]

Builds the mini-client as one executable file.

  --target NAME   one of ${TARGET_NAMES.join(', ')};
                  may be given again; all when left out
  --out DIR       where the files go (mini-client/dist, where the portal looks)

Node's programs for other computers are fetched from the registry once (30 to 60 MB each) and
checked against the digests in mini-client/package/targets.ts.
`;

interface Wishes {
  readonly targets: readonly Target[];
  readonly out: string;
}

async function build({ targets, out }: Wishes): Promise<void> {
  mkdirSync(out, { recursive: true });
  const work = mkdtempSync(join(out, '.building-'));
  try {
    say('bundling');
    const page = packAssets(builtPage());
    const part = packedPart(await bundle(ROOT, work), page, work);
    const version = await versionOf(ROOT);
    const made: MiniClientBuild[] = [];
    for (const target of targets) {
      say(`building for ${target.name}`);
      made.push(await buildOne({ target, part, version, work, out }));
    }
    await tell(out, work, await withThoseBefore(out, version, made));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface One {
  readonly target: Target;
  readonly part: string;
  readonly version: string;
  readonly work: string;
  readonly out: string;
}

async function buildOne({ target, part, version, work, out }: One): Promise<MiniClientBuild> {
  const name = `clickday-mini-client-${version}-${target.name}${target.suffix}`;
  const file = join(work, name);
  await makeExecutable({ target, program: nodeProgram(target, ROOT), part, file });
  await pipeline(createReadStream(file), createGzip({ level: 6 }), createWriteStream(`${file}.gz`));
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const { size } = await stat(file);
  await rename(`${file}.gz`, join(out, `${name}.gz`));
  await rename(file, join(out, name));
  return {
    ...{ name, target: target.name, version },
    ...{ sizeBytes: size, sha256: hash.digest('hex') },
  };
}

/** With those of other targets that an earlier run of the same version left. */
async function withThoseBefore(out: string, version: string, made: readonly MiniClientBuild[]) {
  const path = join(out, 'builds.json');
  const before = existsSync(path)
    ? (JSON.parse(await readFile(path, 'utf8')) as MiniClientBuild[])
    : [];
  const isKept = (one: MiniClientBuild) =>
    one.version === version && !made.some(({ name }) => name === one.name);
  const all = [...before.filter(isKept), ...made];
  return TARGET_NAMES.flatMap((target) => all.filter((one) => one.target === target));
}

async function tell(out: string, work: string, builds: readonly MiniClientBuild[]): Promise<void> {
  const sums = builds.map(({ sha256, name }) => `${sha256}  ${name}\n`).join('');
  await writeFile(join(work, 'SHA256SUMS'), sums);
  await writeFile(join(work, 'builds.json'), `${JSON.stringify(builds, undefined, 2)}\n`);
  await rename(join(work, 'SHA256SUMS'), join(out, 'SHA256SUMS'));
  await rename(join(work, 'builds.json'), join(out, 'builds.json'));
  process.stdout.write(sums);
}

async function versionOf(root: string): Promise<string> {
  const text = await readFile(join(root, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function say(what: string): void {
  process.stderr.write(`mini-client: ${what}\n`);
}

/** What the words ask for; a sentence when they ask for nothing that can be done. */
function wishesOf(words: readonly string[]): Wishes | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      target: { type: 'string', multiple: true },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  const targets = (values.target ?? TARGET_NAMES).map((name) => {
    const target = TARGETS.find((one) => one.name === name);
    if (target === undefined) throw new TypeError(`no such target: ${name}`);
    return target;
  });
  return { targets, out: values.out ?? join(ROOT, 'mini-client', 'dist') };
}

async function main(): Promise<number> {
  let wishes: Wishes | 'help';
  try {
    wishes = wishesOf(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (wishes === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    await build(wishes);
    return 0;
  } catch (error) {
    process.stderr.write(`mini-client: ${(error as Error).message}\n`);
    return 1;
  }
}

process.exitCode = await main();
