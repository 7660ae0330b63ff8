/**
 * Where an application may stand in the ledger: 64 bits of its hash → seq, in flat memory.
 *
 * It answers "perhaps here" and never misses; the ledger looks at the entry itself. A Map of the
 * same would be ten times the work for the garbage collector, and would stop the gate for tens of
 * milliseconds whenever it doubles (docs/decisions/0002). This one never moves what it holds: when
 * a segment is half full, a new one of twice the size takes what comes.
 *
 *     segments   [64 Ki slots] [128 Ki] [256 Ki] …     a slot: check bits, seq (0: empty)
 *
 * Adding costs one cache miss, looking up one a segment.
 */
const FIRST_SLOTS = 1 << 16;

interface Segment {
  readonly mask: number;
  /** Check bits and seq of one slot after the other: both are one cache line. */
  readonly slots: Uint32Array;
  free: number;
}

/** What the index knows of an application: two hashes of its text. */
export interface ApplicationKey {
  readonly slotHash: number;
  readonly checkHash: number;
}

export interface ApplicationIndex {
  /** `seq` from 1 to 2³² − 1. */
  add(key: ApplicationKey, seq: number): void;
  /** The numbers at which an application may stand; nearly always none or one. */
  candidates(key: ApplicationKey): number[];
}

export function applicationKey(application: string): ApplicationKey {
  return {
    slotHash: hashOf(application, SLOT_SEED),
    checkHash: hashOf(application, CHECK_SEED) >>> 0,
  };
}

/** @param firstSlots a power of two; smaller in tests */
export function createApplicationIndex(firstSlots = FIRST_SLOTS): ApplicationIndex {
  let newest = segmentOf(firstSlots);
  const segments = [newest];

  return {
    add: ({ slotHash, checkHash }, seq) => {
      if (newest.free === 0) {
        newest = segmentOf(2 * (newest.mask + 1));
        segments.push(newest);
      }
      const { mask, slots } = newest;
      let slot = slotHash & mask;
      while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      slots[2 * slot] = checkHash;
      slots[2 * slot + 1] = seq;
      newest.free -= 1;
    },
    candidates: ({ slotHash, checkHash }) => {
      const found: number[] = [];
      for (const { mask, slots } of segments) {
        for (let slot = slotHash & mask; slots[2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
          if (slots[2 * slot] === checkHash) found.push(slots[2 * slot + 1] as number);
        }
      }
      return found;
    },
  };
}

function segmentOf(count: number): Segment {
  return { mask: count - 1, slots: new Uint32Array(2 * count), free: count / 2 };
}

const SLOT_SEED = 0x811c9dc5;
const CHECK_SEED = 0x2f0b4c47;
const MULTIPLIER = 0x01000193;

/** FNV-1a over the UTF-16 units, and the finaliser of MurmurHash3, so that low bits mix too. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
