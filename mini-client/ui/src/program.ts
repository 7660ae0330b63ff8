/** The calls that this page makes of the program behind it, each with the page's key. */
import type { Language } from '#protocol/portal-api.ts';
import type { LoginWords, PageTime } from '../../page/state.ts';

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** Why a call was not done, in the language of the page. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** The key for a token; undefined when the token is not good (any more). */
export async function enter(fetch: Fetch, token: string): Promise<string | undefined> {
  const answer = await fetch('/api/enter', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  return answer.ok ? ((await answer.json()) as { key: string }).key : undefined;
}

export class Program {
  readonly #fetch: Fetch;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(fetch: Fetch, key: string) {
    this.#fetch = fetch;
    this.#headers = { 'x-clickday-page': key };
  }

  /** The events, as a stream of text. */
  events(): Promise<Response> {
    return this.#fetch('/api/events', { headers: this.#headers });
  }

  /** Undefined while the program does not know official time. */
  async time(t0: number): Promise<PageTime | undefined> {
    const answer = await this.#fetch(`/api/time?t0=${t0}`, { headers: this.#headers });
    return answer.status === 200 ? ((await answer.json()) as PageTime) : undefined;
  }

  logIn = (words: LoginWords) => this.#try('login', words);
  askCode = (portal: string) => this.#try('device', { portal });
  cancelCode = () => this.#try('device-cancel');
  logOut = (account: string) => this.#try('logout', { account });
  refresh = () => this.#try('list');
  check = () => this.#try('check');
  selfTest = () => this.#try('self-test');
  choose = (clickDay: string) => this.#try('day', { clickDay });
  keepChoice = (clickDay: string, order: readonly string[], left: readonly string[]) =>
    this.#try('choice', { clickDay, order, left });
  ready = (clickDay: string) => this.#try('ready', { clickDay });
  back = () => this.#try('back');
  speak = (language: Language) => this.#try('language', { language });
  stop = () => this.#try('stop');

  /** Opens a receipt in the browser's own viewer. */
  openReceipt = (application: string) => this.#open('receipt', { application });
  /** Opens the day's summary, or downloads it. */
  openSummary = (format: 'csv' | 'pdf') => this.#open('summary', { format });

  async #open(name: string, body: object): Promise<void> {
    const answer = await this.#post(name, body);
    if (!answer.ok) return;
    const { address } = (await answer.json()) as { address: string };
    window.open(address, '_blank', 'noopener');
  }

  async #try(name: string, body: object = {}): Promise<Failure | undefined> {
    const answer = await this.#post(name, body).catch(() => undefined);
    // A program that is gone is told by the events' end, at the head of the page.
    if (answer === undefined) return { code: 'PROGRAM_GONE', message: '' };
    return answer.ok ? undefined : ((await answer.json()) as Failure);
  }

  #post(name: string, body: object): Promise<Response> {
    return this.#fetch(`/api/${name}`, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
}
