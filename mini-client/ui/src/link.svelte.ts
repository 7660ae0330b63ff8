/**
 * What the program tells, as long as it runs: its events, read as they come. A browser's own
 * EventSource cannot send the page's key, so the stream is read here; when it ends it is asked for
 * again, and the page says meanwhile that it has lost the program.
 */
import type { Language } from '#protocol/portal-api.ts';
import type { Day, Item, List, PageState } from '../../page/state.ts';
import type { Program } from './program.ts';

const AGAIN_MS = 1_000;
const NOT_ENTERED = 401;

export type LinkState = 'opening' | 'linked' | 'lost' | 'not-entered';

export class Link {
  state = $state.raw<PageState | null>(null);
  days = $state.raw<readonly Day[]>([]);
  items = $state.raw<ReadonlyMap<string, Item>>(new Map());
  link = $state<LinkState>('opening');
  readonly #program: Program;
  readonly #preferred: Language;
  /** Choices that the program has not answered, and the last of them. */
  #unanswered = 0;
  #keeping = Promise.resolve();

  constructor(program: Program, preferred: Language) {
    this.#program = program;
    this.#preferred = preferred;
  }

  get language(): Language {
    return this.state?.language ?? this.#preferred;
  }

  get isLoggedIn(): boolean {
    return this.state?.accounts.some((account) => account.isLoggedIn) ?? false;
  }

  /** Whose an application is; undefined where that goes without saying. */
  whose(item: Item): string | undefined {
    const accounts = this.state?.accounts ?? [];
    if (accounts.length < 2) return undefined;
    return accounts.find(({ name }) => name === item.account)?.email;
  }

  /** The day whose applications are to be sent. */
  get day(): Day | undefined {
    return this.days.find(({ id }) => id !== null && id === this.state?.clickDay);
  }

  /**
   * Shown at once, so that the focus stays where it is; the program keeps it and says it again. One
   * after the other: the last one that is kept is the last one that was chosen.
   */
  async keepChoice(day: Day, order: readonly string[], left: readonly string[]): Promise<void> {
    this.days = this.days.map((one) => (one.id === day.id ? { ...one, order, left } : one));
    this.#unanswered += 1;
    const before = this.#keeping;
    const keep = async () => {
      await before;
      await this.#program.keepChoice(day.id ?? '', order, left);
    };
    this.#keeping = keep().finally(() => {
      this.#unanswered -= 1;
    });
    await this.#keeping;
  }

  /** What the program says before it knows of the last choice does not undo it. */
  #withChoice(day: Day): Day {
    const mine = this.days.find(({ id }) => id === day.id);
    if (this.#unanswered === 0 || mine === undefined) return day;
    const isSame = mine.order.length === day.order.length;
    const known = new Set(day.order);
    if (!isSame || !mine.order.every((id) => known.has(id))) return day;
    return { ...day, order: mine.order, left: mine.left };
  }

  start(): void {
    void this.#follow();
  }

  async #follow(): Promise<void> {
    const answer = await this.#program.events().catch(() => undefined);
    if (answer?.status === NOT_ENTERED) {
      this.link = 'not-entered';
      return;
    }
    if (answer?.ok && answer.body) {
      this.link = 'linked';
      await this.#read(answer.body).catch(() => undefined);
    }
    this.link = 'lost';
    setTimeout(() => void this.#follow(), AGAIN_MS);
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const events = (text + piece.value).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) this.#take(event);
    }
  }

  #take(event: string): void {
    const match = /^event: (\w+)\ndata: (.*)$/.exec(event);
    if (match === null) return;
    const [, name, data = ''] = match;
    const value: unknown = JSON.parse(data);
    if (name === 'state') this.state = value as PageState;
    else if (name === 'list') {
      const { days, items } = value as List;
      this.days = days.map((day) => this.#withChoice(day));
      this.items = new Map(items.map((item) => [item.id, item]));
    } else if (name === 'items') {
      const changed = (value as readonly Item[]).map((item) => [item.id, item] as const);
      this.items = new Map([...this.items, ...changed]);
    }
  }
}
