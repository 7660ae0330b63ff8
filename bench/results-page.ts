/**
 * bench/RESULTS.md in parts: the front, written by the main run, and after it sections under
 * second-level headings, each written by a run of its own and kept when another part is renewed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#bench/system.ts';

const PATH = join(ROOT, 'bench', 'RESULTS.md');
const HEADING = '\n## ';

function readPage(): string {
  return existsSync(PATH) ? readFileSync(PATH, 'utf8') : '# Benchmark results\n';
}

/** Replaces what stands before the first section. `front` has no second-level heading. */
export function writeFront(front: string): void {
  const [, ...sections] = readPage().split(HEADING);
  writeFileSync(PATH, [front, ...sections].join(HEADING));
}

/** Replaces the section of this title, or adds it at the end. `section` begins with its heading. */
export function writeSection(title: string, section: string): void {
  const [front = '', ...sections] = readPage().split(HEADING);
  const body = `${section.slice(HEADING.length - 1).trimEnd()}\n`;
  const at = sections.findIndex((one) => one.startsWith(`${title}\n`));
  if (at < 0) sections.push(body);
  else sections[at] = body;
  writeFileSync(PATH, [front, ...sections].map((one) => `${one.trimEnd()}\n`).join(HEADING));
}
