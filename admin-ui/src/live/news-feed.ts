/**
 * What the portal tells an open page of the applications it shows, by server-sent events, and by
 * asking again and again where there is no stream. A page follows the feed and need not know which.
 *
 *   nobody follows ──follow──► opening ──first event──► live
 *         ▲                       ▲  └──failed──┐        │ cut off
 *         └──── last one leaves   └─── waiting ◄┴────────┘
 *                                       └─ meanwhile: "read anew" now and then
 *
 * All that many pages would do at one moment is spread: coming back after the portal was away,
 * reading anew when it says so, asking without a stream. A page in the background lets its stream
 * go and comes back to it, telling the position it saw last, so that nothing is missed.
 */
import type { Application } from '#protocol/portal-api.ts';

/** `reload`: something may have been missed, read anew. */
export type News =
  | { readonly kind: 'application'; readonly application: Application }
  | { readonly kind: 'gone'; readonly id: string }
  | { readonly kind: 'reload' };

/** What is needed of one of its events. */
export interface SourceEvent {
  readonly data: string;
  readonly lastEventId: string;
}

/** What is needed of an `EventSource`. */
export interface Source {
  addEventListener(name: string, hear: (event: SourceEvent) => void): void;
  close(): void;
}

export interface NewsFeedParts {
  readonly open: (url: string) => Source;
  /** Runs `work` later; the result prevents it. */
  readonly after: (ms: number, work: () => void) => () => void;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly isVisible: () => boolean;
}

type Listener = (news: News) => void;

const path = '/api/events';
const firstWaitMs = 3_000;
const longestWaitMs = 60_000;
const askEveryMs = 20_000;
const hiddenForMs = 30_000;

export class NewsFeed {
  readonly #parts: NewsFeedParts;
  readonly #listeners = new Set<Listener>();
  #source: Source | null = null;
  #position = '';
  #failures = 0;
  #cancelWait: () => void = () => undefined;
  #cancelReload: (() => void) | null = null;
  #cancelHidden: () => void = () => undefined;

  constructor(parts: NewsFeedParts) {
    this.#parts = parts;
  }

  /** Hears of every change until the result is called. */
  follow(listener: Listener): () => void {
    const one = (news: News) => listener(news);
    this.#listeners.add(one);
    if (this.#listeners.size === 1) this.#open();
    return () => {
      this.#listeners.delete(one);
      if (this.#listeners.size === 0) this.#rest();
    };
  }

  /** To be called when the page goes into the background or comes back. */
  visibilityChanged(): void {
    this.#cancelHidden();
    if (!this.#parts.isVisible()) {
      this.#cancelHidden = this.#parts.after(hiddenForMs, () => this.#rest());
    } else if (this.#source === null && this.#listeners.size > 0) {
      this.#cancelWait();
      this.#open();
    }
  }

  #open(): void {
    const query = this.#position === '' ? '' : `?after=${encodeURIComponent(this.#position)}`;
    const source = this.#parts.open(path + query);
    this.#source = source;
    const hear = (name: string, act: (data: string) => void): void =>
      source.addEventListener(name, (event) => {
        if (source !== this.#source) return;
        this.#failures = 0;
        if (event.lastEventId) this.#position = event.lastEventId;
        act(event.data);
      });
    hear('ready', () => undefined);
    hear('reload', (data) =>
      this.#reloadWithin((JSON.parse(data) as { withinMs: number }).withinMs),
    );
    hear('gone', (data) => this.#tell({ kind: 'gone', ...(JSON.parse(data) as { id: string }) }));
    hear('application', (data) =>
      this.#tell({ kind: 'application', application: JSON.parse(data) as Application }),
    );
    source.addEventListener('error', () => {
      if (source === this.#source) this.#lost();
    });
  }

  /** The browser's own way of coming back knows no refusals and no growing pause. */
  #lost(): void {
    this.#source?.close();
    this.#source = null;
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#reloadWithin(askEveryMs);
    this.#cancelWait = this.#parts.after(waitMs * this.#spread(), () => this.#open());
  }

  /** One reading anew at a time, whatever asked for it; without a stream, then again and again. */
  #reloadWithin(ms: number): void {
    this.#reloadAfter(ms * this.#parts.random());
  }

  #reloadAfter(ms: number): void {
    this.#cancelReload ??= this.#parts.after(ms, () => {
      this.#cancelReload = null;
      this.#tell({ kind: 'reload' });
      const isAlone = this.#source === null || this.#failures > 0;
      if (isAlone && this.#listeners.size > 0) this.#reloadAfter(askEveryMs * this.#spread());
    });
  }

  #spread(): number {
    return 0.5 + this.#parts.random();
  }

  #rest(): void {
    this.#source?.close();
    this.#source = null;
    this.#cancelWait();
    this.#cancelReload?.();
    this.#cancelReload = null;
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }
}
