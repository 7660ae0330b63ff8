/**
 * One request as its page shows it. Read anew every 30 seconds while somebody looks, since the
 * event stream tells of applications alone; what is new is said once, and what is being typed is
 * not touched.
 */
import type { TicketView } from '#protocol/helpdesk-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import { browserLooks } from './browser-looks.ts';
import { helpdeskClient } from './client.ts';
import { FileTray } from './file-tray.svelte.ts';
import { askWhileVisible } from './polling.ts';

const askEveryMs = 30_000;

export class RequestRecord {
  ticket = $state.raw<TicketView | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  busy = $state(false);
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

  /** How many files the request has already. */
  readonly fileCount = $derived(
    this.ticket?.messages.reduce((sum, { attachments }) => sum + attachments.length, 0) ?? 0,
  );

  /** Asks while somebody looks; the result stops it. */
  start = (): (() => void) =>
    askWhileVisible(
      () => {
        if (!this.busy) void this.load();
      },
      askEveryMs,
      browserLooks,
    );

  load = async (): Promise<void> => {
    const before = this.ticket;
    try {
      const ticket = await this.#api.ticket(this.#id);
      if (this.busy) return; // an answer of one's own is newer
      this.ticket = ticket;
      this.problem = null;
      if (before && before.updatedAt !== ticket.updatedAt) this.#onNews();
    } catch (error) {
      this.problem = asProblem(error);
    }
  };

  /** Files first: they go with the message that comes after them. Rejects with the problem. */
  async write(text: string): Promise<boolean> {
    return this.#do(async () => {
      if (!(await this.tray.send((file) => this.#api.attach(this.#id, file)))) return null;
      return this.#api.write(this.#id, text);
    });
  }

  async reopen(text: string): Promise<boolean> {
    return this.#do(async () => this.#api.reopen(this.#id, text));
  }

  /** True when it is closed. */
  async close(): Promise<boolean> {
    try {
      return await this.#do(() => this.#api.close(this.#id));
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
  }

  async #do(call: () => Promise<TicketView | null>): Promise<boolean> {
    this.busy = true;
    try {
      const ticket = await call();
      if (ticket === null) return false;
      this.ticket = ticket;
      this.problem = null;
      this.tray.empty();
      return true;
    } finally {
      this.busy = false;
    }
  }
}
