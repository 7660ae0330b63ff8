/**
 * What is still to be sent of one click day, in order of compilation.
 *
 * An application that comes back without an answer goes to its old place. One whose connection
 * broke more than once goes behind the others, and in the end travels alone: if it is what breaks
 * the connection, it must not take others with it for ever.
 */

export interface QueueItem {
  readonly application: string;
  readonly clickDay: string;
  /** Place in the order of compilation. */
  readonly index: number;
  /** Times it was in flight when a connection broke. */
  lossCount: number;
}

/** Losses from which an application is suspected to break connections. */
const SUSPECT_LOSSES = 2;

/** Whether it should be the only one in flight. */
export function travelsAlone(item: QueueItem): boolean {
  return item.lossCount >= SUSPECT_LOSSES;
}

/** An ordered queue; `take` and `put` at the head are cheap. */
export class DayQueue {
  readonly #items: QueueItem[] = [];

  get length(): number {
    return this.#items.length;
  }

  head(): QueueItem | undefined {
    return this.#items[0];
  }

  take(): QueueItem | undefined {
    return this.#items.shift();
  }

  /** Puts an item in its place. O(log n) comparisons. */
  put(item: QueueItem): void {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(item, this.#items[middle]!)) high = middle;
      else low = middle + 1;
    }
    this.#items.splice(low, 0, item);
  }

  /** Removes and gives those that match, in order. */
  withdraw(matches: (item: QueueItem) => boolean): QueueItem[] {
    const withdrawn = this.#items.filter(matches);
    const kept = this.#items.filter((item) => !matches(item));
    this.#items.splice(0, this.#items.length, ...kept);
    return withdrawn;
  }
}

function isBefore(one: QueueItem, other: QueueItem): boolean {
  const difference = rank(one) - rank(other);
  return difference === 0 ? one.index < other.index : difference < 0;
}

/** The first loss is nobody's fault: a gate restarted, a line was cut. */
function rank(item: QueueItem): number {
  return Math.max(0, item.lossCount - SUSPECT_LOSSES + 1);
}
