/**
 * One request as its page shows it. Read anew every 30 seconds while somebody looks, since the
 * event stream tells of applications alone; what is new is said once, and what is being typed is
 * not touched.
 */
import type { TicketView } from '#protocol/helpdesk-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { helpdeskClient } from './client.ts';
import { FileTray } from './file-tray.svelte.ts';
import { watch } from './watch.ts';

const askEveryMs = 30_000;

export class RequestRecord {
  ticket = $state.raw<TicketView | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  busy = $state(false);
  /** The message that was sent and whose files were not, all of them. */
  left = $state<string | null>(null);
  readonly tray = new FileTray();
  readonly #api: ReturnType<typeof helpdeskClient>;
  readonly #id: string;
  readonly #onNews: () => void;

  /** `onNews`: the desk did something since the page was read last. */
  constructor(options: { api: ApiClient; id: string; onNews: () => void }) {
    this.#api = helpdeskClient(options.api);
    this.#id = options.id;
    this.#onNews = options.onNews;
  }

  /** Asks while somebody looks; the result stops it. */
  start = (): (() => void) =>
    watch(() => {
      if (!this.busy) void this.load();
    }, askEveryMs);

  load = async (): Promise<void> => {
    const before = this.ticket;
    try {
      const ticket = await this.#api.ticket(this.#id);
      if (this.busy) return; // an answer of one's own is newer
      this.ticket = ticket;
      this.problem = null;
      if (before && stepsOf(before) !== stepsOf(ticket)) this.#onNews();
    } catch (error) {
      this.problem = asProblem(error);
    }
  };

  /** Sends the words, then the files that go with them. Rejects when the words were not taken. */
  async write(text: string): Promise<void> {
    await this.#do(() => this.#api.write(this.#id, text));
    const message = this.ticket?.messages.findLast(({ by }) => by === 'you');
    if (message && this.tray.files.length > 0) await this.sendFiles(message.id);
  }

  /** Files of a message that has arrived; what is refused stays in the tray. */
  async sendFiles(message: string): Promise<void> {
    const isDone = await this.tray.send((file) => this.#api.attach(this.#id, message, file));
    this.left = isDone ? null : message;
    if (isDone) this.tray.empty();
    await this.load();
  }

  /** The files that were not taken are let go. */
  letGo(): void {
    this.left = null;
    this.tray.empty();
  }

  async reopen(text: string): Promise<void> {
    await this.#do(() => this.#api.reopen(this.#id, text));
  }

  /** True when it is closed. */
  async close(): Promise<boolean> {
    try {
      await this.#do(() => this.#api.close(this.#id));
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
  }

  async #do(call: () => Promise<TicketView>): Promise<void> {
    this.busy = true;
    try {
      this.ticket = await call();
      this.problem = null;
    } finally {
      this.busy = false;
    }
  }
}

/** What tells that the desk did something: attaching a file of one's own does not. */
function stepsOf({ steps, messages }: TicketView): string {
  return `${steps.length} ${messages.length}`;
}
