/**
 * A queue as the page shows it: what is asked (it stands in the address), one page of tickets, the
 * counts of the menu, what burns, what is selected.
 *
 * It asks again now and then while the page is in sight, without moving anything: tickets that are
 * shown are brought up to date in their place; those that are new are only counted (`fresh`) until
 * the operator wants to see them. Of two answers the later question's counts.
 */
import type { DeskQueues, DeskTicketSummary } from '#protocol/desk-api.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { Asked, DeskClient } from './client.ts';

export const filterNames = [
  ...(['kind', 'status', 'channel', 'team', 'assignee'] as const),
  ...(['language', 'incident', 'account', 'tag', 'escalated', 'q'] as const),
] as const;
export type FilterName = (typeof filterNames)[number];
export const queueNames = [
  ...(['mine', 'mentioned', 'unassigned', 'open', 'waiting'] as const),
  ...(['postponed', 'breached', 'closed', 'all'] as const),
] as const;
export type QueueName = (typeof queueNames)[number];
export const sorts = ['due', 'oldest', 'newest'] as const;
export type SortName = (typeof sorts)[number];

export const PAGE_ROWS = 50;
const BURNING_ROWS = 5;
const REFRESH_MS = 20_000;

export class QueueBoard {
  queue = $state<QueueName>('open');
  sort = $state<SortName>('due');
  filters = $state.raw<Readonly<Partial<Record<FilterName, string>>>>({});
  tickets = $state.raw<readonly DeskTicketSummary[] | null>(null);
  next = $state.raw<string | null>(null);
  counts = $state.raw<DeskQueues | null>(null);
  burning = $state.raw<readonly DeskTicketSummary[]>([]);
  problem = $state.raw<ApiProblem | null>(null);
  isBusy = $state(false);
  selected = $state.raw<ReadonlySet<string>>(new Set());
  #newest = $state.raw<readonly DeskTicketSummary[] | null>(null);
  /** Cursors of the pages before this one; the first page has none. */
  #trail = $state.raw<readonly (string | null)[]>([]);
  #cursor: string | null = null;
  #asked = 0;
  readonly #client: DeskClient;
  readonly #isInSight: () => boolean;
  readonly #onAsked: (parameters: string) => void;

  constructor(options: {
    client: DeskClient;
    /** False: nobody looks, nothing is asked. */
    isInSight: () => boolean;
    /** Told the parameters of each question, for the address. */
    onAsked: (parameters: string) => void;
  }) {
    this.#client = options.client;
    this.#isInSight = options.isInSight;
    this.#onAsked = options.onAsked;
  }

  readonly isFirst = $derived(this.#trail.length === 0);
  readonly isRestricted = $derived(Object.keys(this.filters).length > 0);
  readonly firstRow = $derived(this.#trail.length * PAGE_ROWS + 1);
  /** How many tickets of this page are not shown yet. */
  readonly fresh = $derived.by(() => {
    const shown = new Set(this.tickets?.map(({ id }) => id));
    return (this.#newest ?? []).filter(({ id }) => !shown.has(id)).length;
  });

  async open(parameters: string): Promise<void> {
    const given = new URLSearchParams(parameters);
    this.queue = queueNames.find((name) => name === given.get('queue')) ?? 'open';
    this.sort = sorts.find((name) => name === given.get('sort')) ?? 'due';
    const pairs = filterNames.map((name) => [name, given.get(name) ?? ''] as const);
    this.filters = Object.fromEntries(pairs.filter(([, value]) => value !== ''));
    await this.#begin();
  }

  async choose(queue: QueueName): Promise<void> {
    this.queue = queue;
    await this.#begin();
  }

  async sortBy(sort: SortName): Promise<void> {
    this.sort = sort;
    await this.#begin();
  }

  /** Sets filters; an empty one no longer restricts. */
  async restrict(to: Readonly<Partial<Record<FilterName, string>>>): Promise<void> {
    const all = Object.entries({ ...this.filters, ...to }).filter(([, value]) => value !== '');
    this.filters = Object.fromEntries(all);
    await this.#begin();
  }

  /** Only those open with this value, as the menu counts them; once more: all open again. */
  async narrow(name: FilterName, value: string): Promise<void> {
    const isOff = this.queue === 'open' && this.filters[name] === value;
    this.queue = 'open';
    await this.restrict({ [name]: isOff ? '' : value });
  }

  async clear(): Promise<void> {
    this.filters = {};
    await this.#begin();
  }

  async nextPage(): Promise<void> {
    if (this.next === null) return;
    this.#trail = [...this.#trail, this.#cursor];
    this.#cursor = this.next;
    await this.#show();
  }

  async previousPage(): Promise<void> {
    this.#cursor = this.#trail.at(-1) ?? null;
    this.#trail = this.#trail.slice(0, -1);
    await this.#show();
  }

  /** Reads the page anew and shows it as it is now. */
  showNow = (): Promise<void> => this.#show();

  select(id: string, isSelected: boolean): void {
    const selected = new Set(this.selected);
    if (isSelected) selected.add(id);
    else selected.delete(id);
    this.selected = selected;
  }

  selectAll(isSelected: boolean): void {
    this.selected = new Set(isSelected ? this.tickets?.map(({ id }) => id) : []);
  }

  /** Shows the page and keeps it up to date; the result ends that. */
  start(): () => void {
    const timer = setInterval(() => {
      if (this.#isInSight() && !this.isBusy) void this.#refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }

  async #begin(): Promise<void> {
    this.#trail = [];
    this.#cursor = null;
    this.#onAsked(this.#parameters());
    await this.#show();
  }

  #parameters(): string {
    const words = { queue: this.queue, sort: this.sort, ...this.filters };
    return new URLSearchParams(words).toString();
  }

  #question(): Asked {
    const cursor = this.#cursor === null ? {} : { cursor: this.#cursor };
    return { queue: this.queue, sort: this.sort, ...this.filters, ...cursor, limit: PAGE_ROWS };
  }

  async #show(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    this.isBusy = true;
    this.selected = new Set();
    void this.#readAround();
    try {
      const answer = await this.#client.tickets(this.#question());
      if (mine !== this.#asked) return;
      this.tickets = answer.tickets;
      this.next = answer.nextCursor;
      this.#newest = null;
      this.problem = null;
    } catch (error) {
      if (mine === this.#asked) this.problem = asProblem(error);
    } finally {
      if (mine === this.#asked) this.isBusy = false;
    }
  }

  /** What stands around the table: the counts of the menu and what burns. */
  async #readAround(): Promise<void> {
    try {
      const first = { queue: 'open', sort: 'due', limit: BURNING_ROWS } as const;
      const [counts, due, escalated] = await Promise.all([
        this.#client.queues(),
        this.#client.tickets(first),
        this.#client.tickets({ ...first, escalated: 'true' }),
      ]);
      this.counts = counts;
      const both = [...due.tickets, ...escalated.tickets];
      this.burning = [...new Map(both.map((ticket) => [ticket.id, ticket])).values()];
    } catch (error) {
      this.problem ??= asProblem(error);
    }
  }

  async #refresh(): Promise<void> {
    const mine = this.#asked;
    await this.#readAround();
    try {
      const answer = await this.#client.tickets(this.#question());
      if (mine !== this.#asked) return;
      const now = new Map(answer.tickets.map((ticket) => [ticket.id, ticket]));
      const isEmpty = (this.tickets ?? []).length === 0;
      this.tickets = isEmpty
        ? answer.tickets
        : (this.tickets ?? []).map((ticket) => now.get(ticket.id) ?? ticket);
      this.#newest = answer.tickets;
      this.problem = null;
    } catch (error) {
      if (mine === this.#asked) this.problem = asProblem(error);
    }
  }
}
