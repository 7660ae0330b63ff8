/**
 * A disk that loses its power, rebuilt from what strace saw of a file: every write with its bytes,
 * every sync, and when each acknowledgement left.
 *
 * Whatever had been written when a sync began is on the disk when that sync has ended; a write
 * through a descriptor that syncs by itself (O_DSYNC) is there when it has ended. Of all other
 * writes any sector of 512 bytes may be there or not, in any combination: that is more than a real
 * disk does. A sector itself is written whole or not at all.
 */
import type { SystemCall } from '#test/support/trace.ts';
import type { Chance } from './random.ts';

export interface DiskWrite {
  readonly beganAt: number;
  readonly endedAt: number;
  readonly offset: number;
  readonly bytes: Buffer;
  /** Line of the trace in which it was on the disk for sure. */
  durableAt: number;
}

export const SECTOR_BYTES = 512;

/** The writes to `file` in their order. `isSyncing` false: as if no sync had any effect. */
export function diskWrites(
  calls: readonly SystemCall[],
  file: string,
  isSyncing = true,
): DiskWrite[] {
  const positions = new Map<number, number>();
  const syncing = new Set<number>();
  const writes: DiskWrite[] = [];
  for (const call of calls) {
    if (call.name === 'openat' && call.result !== undefined) {
      if (/\bO_D?SYNC\b/.test(call.words)) syncing.add(call.result);
      else syncing.delete(call.result);
    }
    if (call.file !== file || call.result === undefined || call.result < 0) continue;
    if (call.name === 'lseek') positions.set(call.descriptor, call.result);
    if (call.name === 'fdatasync' && isSyncing) markDurable(writes, call);
    if (call.name !== 'pwrite64' && call.name !== 'writev') continue;
    const bytes = bytesIn(call.words).subarray(0, call.result);
    const offset =
      call.name === 'writev' ? (positions.get(call.descriptor) ?? 0) : offsetIn(call.words);
    if (call.name === 'writev') positions.set(call.descriptor, offset + call.result);
    const isOwn = syncing.has(call.descriptor) && isSyncing;
    const { beganAt, endedAt } = call;
    const durableAt = isOwn ? endedAt : Number.POSITIVE_INFINITY;
    writes.push({ beganAt, endedAt, offset, bytes, durableAt });
  }
  return writes;
}

function markDurable(writes: readonly DiskWrite[], sync: SystemCall): void {
  for (const write of writes) {
    if (write.endedAt > sync.beganAt) continue;
    write.durableAt = Math.min(write.durableAt, sync.endedAt);
  }
}

/** The arguments of pwrite64 end with count and offset. */
function offsetIn(words: string): number {
  return Number(/, \d+, (\d+)$/.exec(words)?.[1]);
}

/** The bytes of all strings, as `strace -x` writes them. */
function bytesIn(words: string): Buffer {
  const texts = words.matchAll(/"((?:[^"\\]|\\.)*)"/gs);
  return Buffer.concat([...texts].map(([, text]) => unescaped(text!)));
}

const NAMED: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12 };

function unescaped(text: string): Buffer {
  if (/^(\\x[0-9a-f]{2})*$/.test(text)) return Buffer.from(text.replaceAll('\\x', ''), 'hex');
  const plain = text.replace(/\\(x[0-9a-f]{2}|[0-7]{1,3}|.)/gs, (_, code: string) => {
    if (code.length > 1 && code[0] === 'x') {
      return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    }
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return code in NAMED ? String.fromCharCode(NAMED[code]!) : code;
  });
  return Buffer.from(plain, 'latin1');
}

/** Which of the writes that no sync covers are on the disk. */
export type Fate = 'none' | 'all' | Chance;

/** The file as the disk has it when the power goes in line `at` of the trace. */
export function imageAt(writes: readonly DiskWrite[], at: number, fate: Fate): Buffer {
  const begun = writes.filter(({ beganAt }) => beganAt < at);
  const size = Math.max(0, ...begun.map(({ offset, bytes }) => offset + bytes.length));
  const image = Buffer.alloc(size);
  let end = 0;
  for (const write of begun) {
    if (write.durableAt < at || fate === 'all') {
      write.bytes.copy(image, write.offset);
      end = Math.max(end, write.offset + write.bytes.length);
    } else if (fate !== 'none') end = Math.max(end, tear(write, image, fate));
  }
  return image.subarray(0, end);
}

/** Writes some sectors of it; the end of the last one. */
function tear({ offset, bytes }: DiskWrite, image: Buffer, chance: Chance): number {
  let end = 0;
  for (let at = 0; at < bytes.length; ) {
    const next = Math.min(bytes.length, at + SECTOR_BYTES - ((offset + at) % SECTOR_BYTES));
    if (chance.isLucky(0.5)) {
      bytes.copy(image, offset + at, at, next);
      end = offset + next;
    }
    at = next;
  }
  return end;
}
