/**
 * What the page shows, in one place, and who is told when it changes.
 *
 * Changes of a burst leave together: ten thousand outcomes at the opening must not cost ten
 * thousand events while frames have to leave. Whoever comes is told everything once.
 */
import type { ServerResponse } from 'node:http';
import type { ClientTimers } from '../core/index.ts';
import type { Day, Item, Line, List, PageState } from './state.ts';

const TOGETHER_MS = 100;
const BEAT_MS = 15_000;
const FOLLOWERS_MAX = 16;
/** A page that does not read is let go; it comes back by itself. */
const UNREAD_BYTES_MAX = 8 * 1024 * 1024;

export class PageModel {
  #state: PageState;
  #days: readonly Day[] = [];
  readonly #items = new Map<string, Item>();
  readonly #changed = new Set<string>();
  readonly #followers = new Set<ServerResponse>();
  readonly #timers: ClientTimers;
  #isNewState = false;
  #isNewList = false;
  #isScheduled = false;

  constructor(state: PageState, timers: ClientTimers) {
    this.#state = state;
    this.#timers = timers;
  }

  get state(): PageState {
    return this.#state;
  }

  get days(): readonly Day[] {
    return this.#days;
  }

  item(id: string): Item | undefined {
    return this.#items.get(id);
  }

  change(part: Partial<PageState>): void {
    this.#state = { ...this.#state, ...part };
    this.#isNewState = true;
    this.#schedule();
  }

  changeItem(id: string, part: Partial<Pick<Item, 'line' | 'receipt'>>): void {
    const before = this.#items.get(id);
    if (before === undefined) return;
    this.#items.set(id, { ...before, ...part });
    this.#changed.add(id);
    this.#schedule();
  }

  changeLine(id: string, line: Line): void {
    this.changeItem(id, { line });
  }

  /** The receipts that were judged already stay with their applications. */
  replaceList({ days, items }: List): void {
    this.#days = days;
    const before = new Map(this.#items);
    this.#items.clear();
    for (const item of items) {
      const { receipt } = before.get(item.id) ?? {};
      this.#items.set(item.id, receipt === undefined ? item : { ...item, receipt });
    }
    this.#isNewList = true;
    this.#schedule();
  }

  replaceDay(day: Day): void {
    this.#days = this.#days.map((one) => (one.id === day.id ? day : one));
    this.#isNewList = true;
    this.#schedule();
  }

  /** Tells everything, and from now on what changes, until the other end is gone. */
  follow(response: ServerResponse): void {
    if (this.#followers.size >= FOLLOWERS_MAX) {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event('list', this.#list()) + event('state', this.#state));
    this.#followers.add(response);
    const beat = () => {
      if (!this.#followers.has(response)) return;
      response.write(': here\n\n');
      cancel = this.#timers.after(BEAT_MS, beat);
    };
    let cancel = this.#timers.after(BEAT_MS, beat);
    response.on('close', () => {
      this.#followers.delete(response);
      cancel();
    });
  }

  /** Lets everyone go. */
  end(): void {
    for (const follower of this.#followers) follower.end();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#timers.after(TOGETHER_MS, () => this.#tell());
  }

  #tell(): void {
    this.#isScheduled = false;
    let text = '';
    if (this.#isNewList) text += event('list', this.#list());
    else if (this.#changed.size > 0) {
      text += event(
        'items',
        [...this.#changed].flatMap((id) => this.#items.get(id) ?? []),
      );
    }
    if (this.#isNewState) text += event('state', this.#state);
    this.#isNewList = false;
    this.#isNewState = false;
    this.#changed.clear();
    for (const follower of this.#followers) {
      if (follower.writableLength > UNREAD_BYTES_MAX) follower.destroy();
      else follower.write(text);
    }
  }

  #list(): List {
    return { days: this.#days, items: [...this.#items.values()] };
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
