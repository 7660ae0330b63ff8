/**
 * One ticket as its page shows it, and everything that is done to it. An action that was decided
 * on an older version is refused by the portal: then the newer one is read and shown, `conflict`
 * says what happened meanwhile, and what was typed stays where it is.
 */
import type { DeskEvent, DeskTicket } from '#protocol/desk-api.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { DeskClient } from './client.ts';

const conflicts = new Set(['TICKET_CHANGED', 'TICKET_STATE']);

export class TicketRecord {
  ticket = $state.raw<DeskTicket | null>(null);
  /** Why it could not be read; null once it was. */
  problem = $state.raw<ApiProblem | null>(null);
  /** Why the last action failed, when it was no conflict. */
  refusal = $state.raw<ApiProblem | null>(null);
  /** What happened between what the operator saw and what they decided; null: nothing. */
  conflict = $state.raw<readonly DeskEvent[] | null>(null);
  isBusy = $state(false);
  /** The portal's version as last heard; another than the ticket's: there is news to show. */
  versionHeard = $state<number | null>(null);
  readonly id: string;
  readonly #client: DeskClient;

  constructor(options: { id: string; client: DeskClient }) {
    this.id = options.id;
    this.#client = options.client;
  }

  readonly hasNews = $derived(
    this.ticket !== null &&
      this.versionHeard !== null &&
      this.versionHeard > this.ticket.version &&
      !this.isBusy,
  );

  async load(): Promise<void> {
    try {
      this.ticket = await this.#client.ticket(this.id);
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Shows the newest version; what was said of an earlier conflict is over. */
  async showNews(): Promise<void> {
    this.conflict = null;
    await this.load();
  }

  /**
   * Does something on the version shown. Resolves true when it was done, and is shown; `work`
   * yields the ticket as it is then, or nothing when this page is left.
   */
  async act(work: (version: number) => Promise<DeskTicket | undefined>): Promise<boolean> {
    const { ticket } = this;
    if (ticket === null || this.isBusy) return false;
    this.isBusy = true;
    this.refusal = null;
    this.conflict = null;
    try {
      this.ticket = (await work(ticket.version)) ?? this.ticket;
      return true;
    } catch (error) {
      await this.#explain(asProblem(error), ticket);
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  async #explain(problem: ApiProblem, before: DeskTicket): Promise<void> {
    if (!conflicts.has(problem.code)) {
      this.refusal = problem;
      return;
    }
    await this.load();
    this.conflict = this.ticket?.events.slice(before.events.length) ?? [];
  }
}
