/**
 * Open pages and what they are told: every stream belongs to one caller and hears of the
 * applications that concern its topics, as the database's changes name them.
 *
 *   commit ─► streams of the topic: what is dirty ─► slices of the event loop ─► page
 *                                                        │
 *                       read once for all streams of a slice, written in one piece each
 *
 * Promises: a stream is told what it may see at the moment it is told, and nothing of others; the
 * stream of a session that was closed ends with the commit that closed it. Several changes of one
 * application before it is told are one event with the last state. Ten thousand streams are served
 * in slices, so that the event loop stays free. A page that does not read is dropped.
 *
 * Nothing is kept for pages that are away: who comes again tells the position they saw last, and
 * hears `ready` when nothing has concerned them since, else `reload`. The price: after a restart of
 * the portal everybody reads anew, at moments spread over `RELOAD_WITHIN_MS`.
 */
import type { EventNews } from '#protocol/events-api.ts';
import type { Cancel, Timers } from '../../clock/index.ts';
import type { Change, Changes } from '../../store/database/index.ts';
import { type Reacher, topicsOf } from '../applications/reach.ts';
import type { Breathe } from '../http/breath.ts';
import { createRoster, type RosterLimits } from './roster.ts';

/** Where a stream's text goes. */
export interface Sink {
  write(text: string): void;
  /** Bytes that were written and not taken yet. */
  waitingBytes(): number;
  end(): void;
}

export interface Listener {
  /** As it was when the stream was opened; `isLive` says when it is so no more. */
  readonly caller: Reacher;
  /** When the session ends by itself. */
  readonly untilUs: number;
  readonly sink: Sink;
  /** Whether the caller may still hear: session, role and topics as they were. */
  isLive(): boolean;
}

/**
 * Applications that changed: the news of one in JSON; null when it is gone, undefined when it is
 * not that caller's to see.
 */
export type ReadNews = (
  ids: readonly string[],
) => (id: string, of: Reacher) => string | null | undefined;

export interface EventHub {
  /** Refuses REQUESTS_TOO_MANY (this account), BUSY (all). Returns what ends the stream. */
  open(listener: Listener, after: string | undefined): () => void;
  close(): void;
  status(): { readonly open: number; readonly told: number; readonly dropped: number };
}

export interface EventHubParts {
  readonly changes: Changes;
  readonly clock: { nowUs(): number };
  readonly timers: Timers;
  readonly readNews: ReadNews;
  /** Called between one stream and the next. */
  readonly breathe: Breathe;
  /** Names this run of the portal: positions of another one say nothing. */
  readonly run: string;
  /** Between 0 and 1. */
  readonly share: () => number;
  readonly limits: RosterLimits;
}

interface Stream extends Listener {
  readonly topics: readonly string[];
  /** Applications to tell of. */
  dirty: Set<string>;
  mustReload: boolean;
  mustCheck: boolean;
}

const BEAT_MS = 20_000;
const PARTS = 40;
const SLICE_STREAMS = 50;
const SLICE_APPLICATIONS = 100;
/** More than this of one stream at once: it reads anew instead. */
const DIRTY_MAX = 50;
const WAITING_BYTES_MAX = 64 * 1024;
/** Everybody reads anew no more often than this for what other processes write. */
const OUTSIDE_MS = 5_000;
const RELOAD_WITHIN_MS = 10_000;
/** A page that lost its stream comes again after so long, plus its share of as long again. */
const COME_AGAIN_MS = 3_000;

/** The streams of one portal. */
export function createEventHub(parts: EventHubParts): EventHub {
  const { changes, clock, timers, readNews, breathe, share } = parts;
  const roster = createRoster<Stream>(parts.limits, { count: PARTS, share });
  const waiting = new Set<Stream>();
  const counts = { told: 0, dropped: 0 };
  let cancelSlice: Cancel | undefined;
  let cancelOutside: Cancel | undefined;

  const position = () => `${parts.run}-${changes.count()}`;
  const remove = (stream: Stream): void => {
    roster.remove(stream);
    waiting.delete(stream);
  };
  const end = (stream: Stream): void => {
    remove(stream);
    stream.sink.end();
  };
  const write = (stream: Stream, text: string): void => {
    if (stream.sink.waitingBytes() <= WAITING_BYTES_MAX) {
      stream.sink.write(text);
    } else {
      counts.dropped += 1;
      end(stream);
    }
  };
  const mark = (stream: Stream): void => {
    waiting.add(stream);
    cancelSlice ??= timers.immediate(slice);
  };

  const hear = ({ table, topic, row }: Change): void => {
    if (topic === null || row === null) return;
    for (const stream of roster.of(topic)) {
      if (!OF_ACCOUNTS.has(table)) markDirty(stream, row);
      else if (!stream.isLive()) end(stream);
    }
  };
  const markDirty = (stream: Stream, application: string): void => {
    if (stream.dirty.size < DIRTY_MAX) stream.dirty.add(application);
    else stream.mustReload = true;
    mark(stream);
  };
  /** Another process wrote, perhaps again and again: whom it concerns is not known. */
  const hearOfOutside = (): void => {
    for (const stream of roster.streams) stream.mustCheck = true;
    cancelOutside ??= timers.after(OUTSIDE_MS, () => {
      cancelOutside = undefined;
      for (const stream of roster.streams) {
        stream.mustReload = true;
        mark(stream);
      }
    });
  };

  function slice(): void {
    cancelSlice = undefined;
    const taken = take(waiting);
    const ids = new Set(taken.flatMap(({ dirty, mustReload }) => (mustReload ? [] : [...dirty])));
    const newsOf = ids.size === 0 ? () => null : readNews([...ids]);
    for (const stream of taken) {
      breathe();
      tell(stream, newsOf);
    }
    if (waiting.size > 0) cancelSlice = timers.immediate(slice);
  }

  function tell(stream: Stream, newsOf: ReturnType<ReadNews>): void {
    const { dirty, mustReload, mustCheck } = stream;
    Object.assign(stream, nothingToTell());
    const isOver = clock.nowUs() >= stream.untilUs || (mustCheck && !stream.isLive());
    if (isOver) {
      end(stream);
      return;
    }
    const events = mustReload
      ? [reloadEvent()]
      : [...dirty].flatMap((id) => newsEvent(id, newsOf(id, stream.caller)) ?? []);
    if (events.length === 0) return;
    counts.told += events.length;
    // A page that was cut off before the last of them must not believe that it has them all.
    const last = `id: ${position()}\n${events.pop()}`;
    write(stream, [...events, last].join(''));
  }

  const beat = (): void => {
    changes.look();
    const now = clock.nowUs();
    for (const stream of roster.nextPart()) {
      if (now >= stream.untilUs) end(stream);
      else write(stream, ':\n\n');
    }
  };

  const cancels = [
    changes.onCommit((committed) => (committed ? committed.forEach(hear) : hearOfOutside())),
    timers.every(BEAT_MS / PARTS, beat),
  ];

  return {
    status: () => ({ open: roster.streams.size, ...counts }),
    open: (listener, after) => {
      const topics = topicsOf(listener.caller);
      const stream = { ...listener, ...nothingToTell(), topics };
      roster.add(stream);
      const retry = `retry: ${Math.round(COME_AGAIN_MS * (1 + share()))}\n`;
      const isReady = changes.isUnchanged({ at: countIn(after), topics, tables: [] });
      const first = isReady ? event('ready', {}) : reloadEvent();
      write(stream, `${retry}id: ${position()}\n${first}`);
      return () => remove(stream);
    },
    close: () => {
      for (const cancel of cancels) cancel();
      cancelSlice?.();
      cancelOutside?.();
      for (const stream of roster.streams) end(stream);
    },
  };

  /** The count of changes that a position of this run names; before all of them for any other. */
  function countIn(after = ''): number {
    const [run, count = ''] = after.split('-');
    return run === parts.run && /^\d{1,15}$/.test(count) ? Number(count) : -1;
  }
}

/** Tables whose changes decide who may listen. */
const OF_ACCOUNTS = new Set(['accounts', 'sessions']);

function nothingToTell() {
  return { dirty: new Set<string>(), mustReload: false, mustCheck: false };
}

/** The next streams to serve, taken out of those that wait. */
function take(waiting: Set<Stream>): Stream[] {
  const taken: Stream[] = [];
  let applications = 0;
  for (const stream of waiting) {
    if (taken.length >= SLICE_STREAMS || applications >= SLICE_APPLICATIONS) break;
    waiting.delete(stream);
    taken.push(stream);
    applications += stream.dirty.size;
  }
  return taken;
}

function event<Name extends keyof EventNews>(name: Name, data: EventNews[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function reloadEvent(): string {
  return event('reload', { withinMs: RELOAD_WITHIN_MS });
}

function newsEvent(id: string, news: string | null | undefined): string | undefined {
  if (news === undefined) return undefined;
  return news === null ? event('gone', { id }) : `event: application\ndata: ${news}\n\n`;
}
