/**
 * The judges of order, pure: inversions against the senders' clock (Fenwick tree, O(n log n)), the
 * longest run of one connection, and places among the first. What they are given decides; they
 * know no gate.
 */

/** One entry: on which connection, written when (µs, monotonic), numbered how. */
export interface Place {
  readonly connection: number;
  readonly sentAtUs: number;
  readonly seq: number;
}

/** Counts of values below a bound, in O(log n) each (Fenwick, 1994). */
function createFenwick(size: number) {
  const tree = new Uint32Array(size + 1);
  return {
    add: (index: number) => {
      for (let at = index + 1; at <= size; at += at & -at) tree[at]! += 1;
    },
    /** How many of the added indices are ≤ `index`. */
    upTo: (index: number) => {
      let sum = 0;
      for (let at = index + 1; at > 0; at -= at & -at) sum += tree[at]!;
      return sum;
    },
  };
}

/** Pairs with s_j − s_i ≥ `deltaUs`, and those of them whose numbers are the other way round. */
function countPairs(places: readonly Place[], deltaUs: number) {
  const bySent = places.toSorted((a, b) => a.sentAtUs - b.sentAtUs);
  const bySeq = places.toSorted((a, b) => a.seq - b.seq);
  const rank = new Map(bySeq.map((place, at) => [place, at]));
  const earlier = createFenwick(places.length);
  let entered = 0;
  let pairs = 0;
  let inverted = 0;
  for (const place of bySent) {
    while (entered < bySent.length && bySent[entered]!.sentAtUs <= place.sentAtUs - deltaUs) {
      earlier.add(rank.get(bySent[entered]!)!);
      entered += 1;
    }
    pairs += entered;
    inverted += entered - earlier.upTo(rank.get(place)!);
  }
  return { pairs, inverted };
}

function byConnection(places: readonly Place[]): Place[][] {
  const groups = new Map<number, Place[]>();
  for (const place of places) {
    const group = groups.get(place.connection);
    if (group === undefined) groups.set(place.connection, [place]);
    else group.push(place);
  }
  return [...groups.values()];
}

/** IR(δ): the share of pairs of different connections, at least `deltaUs` > 0 apart, inverted. */
export function inversionRate(places: readonly Place[], deltaUs: number): number {
  const all = countPairs(places, deltaUs);
  for (const group of byConnection(places)) {
    const own = countPairs(group, deltaUs);
    all.pairs -= own.pairs;
    all.inverted -= own.inverted;
  }
  return all.pairs === 0 ? 0 : all.inverted / all.pairs;
}

/** δ*: the largest s_j − s_i (µs) of a pair of different connections that was inverted; 0: none. */
export function largestInversionUs(places: readonly Place[]): number {
  const fromLast = places.toSorted((a, b) => b.seq - a.seq);
  // The two earliest sends so far, of different connections: one of them is not one's own.
  let first: Place | undefined;
  let second: Place | undefined;
  let largest = 0;
  for (const place of fromLast) {
    const other = first?.connection === place.connection ? second : first;
    if (other !== undefined) largest = Math.max(largest, place.sentAtUs - other.sentAtUs);
    if (first === undefined || place.sentAtUs < first.sentAtUs) {
      if (first?.connection !== place.connection) second = first;
      first = place;
    } else if (place.connection !== first.connection) {
      if (second === undefined || place.sentAtUs < second.sentAtUs) second = place;
    }
  }
  return largest;
}

/**
 * The longest run of one connection while another one still had a frame that was not served.
 * `order` names the connection of each place; all frames MUST have been readable from the start.
 */
export function longestRun(order: readonly number[]): number {
  let contested = order.length;
  while (contested > 0 && order[contested - 1] === order.at(-1)) contested -= 1;
  let longest = 0;
  let run = 0;
  for (let at = 0; at < contested; at += 1) {
    run = at > 0 && order[at] === order[at - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** How many of the first `count` places belong to `connections`. */
export function placesAmong(
  order: readonly number[],
  count: number,
  connections: ReadonlySet<number>,
): number {
  return order.slice(0, count).filter((connection) => connections.has(connection)).length;
}

/** Share of entries stamped earlier than the entry numbered just before (CloudEx, HotOS 2021). */
export function inboundUnfairness(entries: readonly { seq: number; stampUs: number }[]): number {
  const bySeq = entries.toSorted((a, b) => a.seq - b.seq);
  const early = bySeq.filter((entry, at) => at > 0 && entry.stampUs < bySeq[at - 1]!.stampUs);
  return entries.length === 0 ? 0 : early.length / entries.length;
}
