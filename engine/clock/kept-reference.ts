/**
 * The last reference that was believed, kept for the next process on this boot: a witness against
 * time servers that lie from its start on (`doubt.ts`), and official time while none answers.
 *
 * Of use only on the boot that wrote it, because it counts from there; so it is replaced whole but
 * not synced, which would hold up the event loop: a power cut ends the boot anyhow. At most one
 * write a minute, of 200 bytes. A file that cannot be read or written costs a witness, no more.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Log } from '#engine/foundation/log.ts';
import type { Claim } from './doubt.ts';

/** A reference and where it came from. */
export interface Reference extends Claim {
  readonly source: string;
}

/** Where a clock keeps its reference. Neither call throws. */
export interface ReferenceMemory {
  /** What this boot's last process believed; undefined when there is nothing of this boot. */
  recall(): Reference | undefined;
  /** Called for every reference that is believed; need not keep each. */
  keep(reference: Reference): void;
}

const KEPT_EVERY_US = 60_000_000;
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';
const NUMBERS = ['atUs', 'offsetUs', 'errorUs', 'driftPpm'] as const;

/**
 * A memory in a file, for a host clock that counts from the boot.
 * @param options.bootId names the boot; the kernel's own when left out
 */
export function referenceFile(options: {
  readonly path: string;
  readonly log: Pick<Log, 'warn'>;
  readonly bootId?: string | undefined;
}): ReferenceMemory {
  const { path, log, bootId = readBootId() } = options;
  let keptAtUs = Number.NEGATIVE_INFINITY;
  return {
    recall: () => (bootId === undefined ? undefined : decode(read(path), bootId)),
    keep(reference) {
      if (bootId === undefined || reference.atUs - keptAtUs < KEPT_EVERY_US) return;
      try {
        const draft = `${path}.part`;
        writeFileSync(draft, `${JSON.stringify({ bootId, ...reference })}\n`, { mode: 0o600 });
        renameSync(draft, path);
        keptAtUs = reference.atUs;
      } catch (error) {
        log.warn({ error }, 'the reference of the clock is not kept for the next process');
      }
    },
  };
}

function read(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // missing or torn: there is no such witness
  }
}

function decode(text: unknown, bootId: string): Reference | undefined {
  if (typeof text !== 'object' || text === null) return undefined;
  const kept = text as Record<string, unknown>;
  const isWhole = NUMBERS.every((name) => Number.isFinite(kept[name]));
  if (!isWhole || kept.bootId !== bootId || typeof kept.source !== 'string') return undefined;
  const { atUs, offsetUs, errorUs, driftPpm, source } = kept as unknown as Reference;
  return errorUs < 0 || driftPpm < 0 ? undefined : { atUs, offsetUs, errorUs, driftPpm, source };
}

/** Undefined where there is no such file: then nothing is kept. */
function readBootId(): string | undefined {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim();
  } catch {
    return undefined;
  }
}
