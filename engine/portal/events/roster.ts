/**
 * Who listens: streams by whom they concern, and in parts of about the same size, so that what is
 * done to all of them is done part by part. Bounded in all and for each account.
 */
import type { Reacher } from '../applications/reach.ts';
import { Refusal } from '../http/refusal.ts';

export interface RosterLimits {
  readonly streamsMax: number;
  readonly streamsPerAccountMax: number;
}

interface Listed {
  readonly caller: Reacher;
  readonly topics: readonly string[];
}

export interface Roster<Stream extends Listed> {
  readonly streams: ReadonlySet<Stream>;
  /** Those whom a topic concerns. */
  of(topic: string): Iterable<Stream>;
  /** One part after the other, from the first again after the last. */
  nextPart(): Iterable<Stream>;
  /** Refuses REQUESTS_TOO_MANY (this account), BUSY (all). */
  add(stream: Stream): void;
  /** Whether it was there. */
  remove(stream: Stream): boolean;
}

const FULL_RETRY_MS = 30_000;

/** An empty roster of so many parts; `share` between 0 and 1 puts a stream into one. */
export function createRoster<Stream extends Listed>(
  { streamsMax, streamsPerAccountMax }: RosterLimits,
  parts: { readonly count: number; readonly share: () => number },
): Roster<Stream> {
  const streams = new Set<Stream>();
  const byTopic = new Map<string, Set<Stream>>();
  const parted = Array.from({ length: parts.count }, () => new Set<Stream>());
  const partOf = new Map<Stream, Set<Stream>>();
  let next = 0;

  const admit = ({ caller: { id } }: Stream): void => {
    const same = [...(byTopic.get(id) ?? [])].filter(({ caller }) => caller.id === id);
    if (same.length >= streamsPerAccountMax) {
      throw new Refusal('REQUESTS_TOO_MANY', { retryAfterMs: FULL_RETRY_MS });
    }
    if (streams.size >= streamsMax) throw new Refusal('BUSY', { retryAfterMs: FULL_RETRY_MS });
  };

  return {
    streams,
    of: (topic) => byTopic.get(topic) ?? [],
    nextPart: () => {
      next = (next + 1) % parts.count;
      return parted[next] ?? [];
    },
    add: (stream) => {
      admit(stream);
      streams.add(stream);
      for (const topic of stream.topics) {
        byTopic.set(topic, (byTopic.get(topic) ?? new Set()).add(stream));
      }
      const part = parted[Math.floor(parts.share() * parts.count) % parts.count]!;
      partOf.set(stream, part.add(stream));
    },
    remove: (stream) => {
      if (!streams.delete(stream)) return false;
      partOf.get(stream)?.delete(stream);
      partOf.delete(stream);
      for (const topic of stream.topics) {
        const same = byTopic.get(topic);
        same?.delete(stream);
        if (same?.size === 0) byTopic.delete(topic);
      }
      return true;
    },
  };
}
