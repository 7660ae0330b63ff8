/**
 * Whether the portal has another build of this program. It is only said, never fetched: a program
 * that changes itself on the click day is a risk, so near the day even the saying waits.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { isSea } from 'node:sea';
import { pipeline } from 'node:stream/promises';
import type { Download } from '#protocol/downloads.ts';
import { usFromIso } from '#protocol/time.ts';
import type { Day, PageState } from './state.ts';

const NEAR_US = 24 * 3_600_000_000;

export interface OwnBuild {
  readonly version: string;
  /** `linux-x64` …; undefined when the sources run. */
  readonly target?: string;
  readonly sha256?: string;
}

/** What runs: its version, and for an executable its digest. Reads the file once. */
export async function ownBuild(version: string): Promise<OwnBuild> {
  if (!isSea()) return { version };
  const hash = createHash('sha256');
  await pipeline(createReadStream(process.execPath), hash);
  const system = process.platform === 'win32' ? 'win' : process.platform;
  return { version, target: `${system}-${process.arch}`, sha256: hash.digest('hex') };
}

/** A build for this computer that is newer, or another one of the same version. */
export function otherBuild(
  own: OwnBuild,
  downloads: readonly Pick<Download, 'target' | 'version' | 'sha256'>[],
): string | undefined {
  const offered = downloads.filter(({ target }) => target === (own.target ?? target));
  const other = offered.find(({ version, sha256 }) => {
    const order = compareVersions(version, own.version);
    return order > 0 || (order === 0 && own.sha256 !== undefined && sha256 !== own.sha256);
  });
  return other?.version;
}

/** `update` of the page's state; null: this is what the portal has. */
export function updateOf(
  version: string | undefined,
  days: readonly Day[],
  nowUs: number,
): PageState['update'] {
  if (version === undefined) return null;
  const isNearDay = days.some(
    ({ id, opensAt, isOver }) => id !== null && !isOver && usFromIso(opensAt) - nowUs < NEAR_US,
  );
  return { version, isNearDay };
}

/** Positive when the first is newer; only numbers and dots count. */
export function compareVersions(one: string, other: string): number {
  const numbers = (version: string) => version.split(/[.-]/).map((part) => Number(part) || 0);
  const [left, right] = [numbers(one), numbers(other)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
