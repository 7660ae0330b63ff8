/**
 * A table of the simulated store: keys in order, as LMDB keeps them, in memory. It can take back
 * what a transaction did to it.
 */
import { AppendRefused, type Key, type RangeOptions } from '#engine/store/index.ts';

export class DiskTable {
  readonly #values = new Map<Key, Buffer>();
  readonly #keys: Key[] = [];

  get(key: Key): Buffer | undefined {
    return this.#values.get(key);
  }

  /** Undefined removes. Returns what was there. */
  set(key: Key, value: Buffer | undefined): Buffer | undefined {
    const before = this.#values.get(key);
    if (value === undefined) this.#remove(key);
    else {
      if (before === undefined) this.#keys.splice(this.#placeOf(key), 0, key);
      this.#values.set(key, value);
    }
    return before;
  }

  mustFollow(key: Key): void {
    const last = this.#keys.at(-1);
    if (last !== undefined && key <= last) {
      throw new AppendRefused(`key ${key} does not follow the last one`);
    }
  }

  *keys(options: RangeOptions<Key> = {}): Generator<Key> {
    const { start, end, limit = Number.POSITIVE_INFINITY, reverse = false } = options;
    const step = reverse ? -1 : 1;
    let at = reverse ? this.#keys.length - 1 : 0;
    if (start !== undefined) {
      at = this.#placeOf(start);
      if (reverse && this.#keys[at] !== start) at -= 1;
    }
    for (let given = 0; given < limit; given += 1) {
      const key = this.#keys[at];
      if (key === undefined) return;
      if (end !== undefined && (reverse ? key <= end : key >= end)) return;
      yield key;
      at += step;
    }
  }

  last(): Key | undefined {
    return this.#keys.at(-1);
  }

  count(): number {
    return this.#keys.length;
  }

  #remove(key: Key): void {
    if (!this.#values.delete(key)) return;
    this.#keys.splice(this.#placeOf(key), 1);
  }

  /** The index of `key`, or where it would stand. */
  #placeOf(key: Key): number {
    const last = this.#keys.at(-1);
    if (last === undefined || key > last) return this.#keys.length;
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] as Key) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
