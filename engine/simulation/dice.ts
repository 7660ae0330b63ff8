/**
 * Chance from a seed, in named streams: what one part of the world draws does not move what another
 * one gets, so that a scenario from which a client was taken away is otherwise the same.
 *
 * The generator is sfc32 (Doty-Humphrey's PractRand): good enough for faults and delays, some
 * nanoseconds a draw. Never for secrets.
 */
export interface Dice {
  /** In [0, 1). */
  fraction(): number;
  /** An integer in [0, maxExclusive). */
  integer(maxExclusive: number): number;
  /** An integer in [low, high]. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
  /** A stream of its own, always the same for the same name. */
  named(name: string): Dice;
}

const RANGE = 2 ** 32;
const WARM_UP = 12;

export function createDice(seed: string): Dice {
  const next = generator(seed);
  const fraction = () => next() / RANGE;
  const integer = (maxExclusive: number) => Math.floor(fraction() * maxExclusive);
  const shuffled = <T>(items: readonly T[]): T[] => {
    const left = [...items];
    return Array.from(items, () => left.splice(integer(left.length), 1)[0] as T);
  };
  return {
    fraction,
    integer,
    between: (low, high) => low + integer(high - low + 1),
    chance: (probability) => fraction() < probability,
    pick: (items) => items[integer(items.length)] as never,
    shuffled,
    named: (name) => createDice(`${seed}/${name}`),
  };
}

function generator(seed: string): () => number {
  let [a, b, c] = [hashOf(seed, 1), hashOf(seed, 2), hashOf(seed, 3)];
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let draw = 0; draw < WARM_UP; draw += 1) next();
  return next;
}

/** FNV-1a over the UTF-16 units. */
function hashOf(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
