/**
 * Randomness, passed in like time, so that a simulation with a seed replays exactly.
 */
import { createHash, randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';

export interface Random {
  /** `length` bytes; from the system's generator unless seeded. */
  bytes(length: number): Buffer;
  /** A new ULID; rises within one source. */
  id(): string;
  /** An integer in [0, maxExclusive). */
  integer(maxExclusive: number): number;
}

interface Wall {
  nowUs(): number;
}

const INTEGER_BYTES = 6;
const INTEGER_RANGE = 2 ** 48;

function randomFrom(bytes: (length: number) => Buffer, wall: Wall): Random {
  const fraction = () => bytes(INTEGER_BYTES).readUIntBE(0, INTEGER_BYTES) / INTEGER_RANGE;
  const ulid = monotonicFactory(fraction);
  return {
    bytes,
    id: () => ulid(Math.floor(wall.nowUs() / 1000)),
    integer: (maxExclusive) => Math.floor(fraction() * maxExclusive),
  };
}

/** The operating system's generator; identifiers carry the time of `wall`. */
export function systemRandom(wall: Wall): Random {
  return randomFrom(randomBytes, wall);
}

/** A reproducible source: SHA-256 in counter mode over the seed. Never for secrets. */
export function seededRandom(seed: string | number, wall: Wall): Random {
  let counter = 0;
  let pool = Buffer.alloc(0);
  const bytes = (length: number): Buffer => {
    while (pool.length < length) {
      const block = createHash('sha256').update(`${seed}:${counter}`).digest();
      counter += 1;
      pool = Buffer.concat([pool, block]);
    }
    const taken = Buffer.from(pool.subarray(0, length));
    pool = pool.subarray(length);
    return taken;
  };
  return randomFrom(bytes, wall);
}
