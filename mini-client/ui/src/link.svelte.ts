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

  /** Shown at once, so that the focus stays where it is; the program keeps it and says it again. */
  async keepChoice(day: Day, order: readonly string[], left: readonly string[]): Promise<void> {
    this.days = this.days.map((one) => (one.id === day.id ? { ...one, order, left } : one));
    await this.#program.keepChoice(day.id ?? '', order, left);
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
      this.days = days;
      this.items = new Map(items.map((item) => [item.id, item]));
    } else if (name === 'items') {
      const changed = (value as readonly Item[]).map((item) => [item.id, item] as const);
      this.items = new Map([...this.items, ...changed]);
    }
  }
}
