/** The page's feed of news: over a stream, and without one; never all pages at one moment. */
import { beforeEach, expect, it } from 'vitest';
import { type ManualTimers, manualTimers } from '#engine/clock/index.ts';
import { type News, NewsFeed, type SourceEvent } from '../../admin-ui/src/live/news-feed.ts';

type Hear = (event: SourceEvent) => void;

/** An `EventSource` in the test's hand. */
class FakeSource {
  readonly url: string;
  isClosed = false;
  readonly #hears = new Map<string, Hear>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(name: string, hear: Hear): void {
    this.#hears.set(name, hear);
  }

  close(): void {
    this.isClosed = true;
  }

  tell(name: string, data: unknown = {}, lastEventId = ''): void {
    this.#hears.get(name)?.({ data: JSON.stringify(data), lastEventId });
  }
}

let timers: ManualTimers;
let sources: FakeSource[];
let feed: NewsFeed;
let isVisible: boolean;
let share: number;
let heard: News[];
const hear = (news: News) => void heard.push(news);
const newest = () => sources.at(-1)!;

beforeEach(() => {
  timers = manualTimers();
  [sources, heard, isVisible, share] = [[], [], true, 0.5];
  feed = new NewsFeed({
    open: (url) => {
      sources.push(new FakeSource(url));
      return newest();
    },
    after: (ms, work) => timers.after(ms, work),
    random: () => share,
    isVisible: () => isVisible,
  });
});

it('opens one stream for all who follow, and lets it go with the last', () => {
  const [leave, leaveToo] = [feed.follow(hear), feed.follow(hear)];
  expect(sources.map(({ url }) => url)).toEqual(['/api/events']);
  newest().tell('application', { id: 'a1' });
  expect(heard).toEqual(Array(2).fill({ kind: 'application', application: { id: 'a1' } }));
  leave();
  expect(newest().isClosed).toBe(false);
  leaveToo();
  expect([newest().isClosed, timers.pending()]).toEqual([true, 0]);
});

it('reads anew at a moment of its own when the portal says so, once for many', () => {
  feed.follow(hear);
  newest().tell('reload', { withinMs: 10_000 });
  newest().tell('reload', { withinMs: 10_000 });
  timers.advance(4_999);
  expect(heard).toEqual([]);
  timers.advance(1);
  expect(heard).toEqual([{ kind: 'reload' }]);
  timers.advance(60_000);
  expect(heard).toHaveLength(1);
});

it('comes back after a cut with its position, each time later, spread by its share', () => {
  feed.follow(hear);
  newest().tell('ready', {}, 'run-7');
  newest().tell('error');
  timers.advance(2_999);
  expect(sources).toHaveLength(1);
  timers.advance(1);
  expect(newest().url).toBe('/api/events?after=run-7');
  newest().tell('error');
  share = 0;
  timers.advance(5_999);
  expect(sources).toHaveLength(2);
  timers.advance(1);
  newest().tell('error');
  timers.advance(6_000);
  expect(sources).toHaveLength(4);
});

it('asks now and then while there is no stream, and no longer when there is one', () => {
  feed.follow(hear);
  for (let minute = 0; minute < 5; minute += 1) {
    newest().tell('error');
    timers.advance(60_000);
  }
  const asked = heard.length;
  expect(asked).toBeGreaterThanOrEqual(10);
  expect(asked).toBeLessThanOrEqual(20);
  newest().tell('ready', {}, 'run-9');
  timers.advance(60_000);
  const [after] = [heard.length];
  timers.advance(600_000);
  expect(heard.length).toBe(after);
});

it('lets the stream of a page in the background go, and comes back to it', () => {
  feed.follow(hear);
  newest().tell('ready', {}, 'run-3');
  isVisible = false;
  feed.visibilityChanged();
  timers.advance(29_999);
  expect(newest().isClosed).toBe(false);
  timers.advance(1);
  expect(newest().isClosed).toBe(true);
  isVisible = true;
  feed.visibilityChanged();
  expect(sources.map(({ url }) => url)).toEqual(['/api/events', '/api/events?after=run-3']);
});

it('keeps the stream of a page that was away for a moment', () => {
  feed.follow(hear);
  isVisible = false;
  feed.visibilityChanged();
  timers.advance(10_000);
  isVisible = true;
  feed.visibilityChanged();
  timers.advance(60_000);
  expect([sources.length, newest().isClosed]).toEqual([1, false]);
});
