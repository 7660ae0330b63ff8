/**
 * The list: applications by click day in the order of sending, the due ones ticked by themselves,
 * with what the journal knows of each. Fresh from the portal, or, while that is out of reach, as
 * they were prepared.
 */
import type { Accepted } from '#protocol/frames.ts';
import { outcomeOf } from '#protocol/outcomes.ts';
import { usFromIso } from '#protocol/time.ts';
import { portalOfSession } from '../commands/context.ts';
import type { Failure } from '../commands/failure.ts';
import { byClickDay, inChosenOrder } from '../commands/list.ts';
import { foldJournal, type JournalState } from '../core/index.ts';
import type { Choice, Prepared } from '../node/directory.ts';
import type { Application, ClickDayView } from '../portal.ts';
import type { Accounts } from './accounts.ts';
import { prepareAll } from './preparing.ts';
import type { Day, Item, Line, List } from './state.ts';
import type { Workbench } from './workbench.ts';

export interface ListSources {
  /** Name of the account that sees these. */
  readonly account: string;
  readonly applications: readonly Application[];
  readonly clickDays: readonly Pick<ClickDayView, 'id' | 'name' | 'opensAt' | 'closesAt'>[];
  readonly states: ReadonlyMap<string, JournalState>;
  readonly choiceOf: (clickDay: string) => Choice | undefined;
  readonly nowUs: number;
}

/** Days with applications; those without a day last. */
export function listOf(sources: ListSources): List {
  const { account, clickDays, states, choiceOf, nowUs } = sources;
  const days: Day[] = [];
  const items: Item[] = [];
  for (const [id, members] of byClickDay(sources.applications)) {
    const day = clickDays.find((one) => one.id === id);
    const choice = id === null ? undefined : choiceOf(id);
    const { name = { it: id ?? '', en: id ?? '' }, opensAt = '', closesAt = '' } = day ?? {};
    const isOver = day !== undefined && usFromIso(closesAt) <= nowUs;
    const sorted = inChosenOrder(members, choice);
    const left = choice?.left ?? [];
    days.push({ id, name, opensAt, closesAt, isOver, left, order: sorted.map((one) => one.id) });
    for (const { id: itemId, title, model, status } of sorted) {
      const isDue = status === 'ready' && id !== null && !isOver && !left.includes(itemId);
      const line = lineOf(states.get(itemId), isDue);
      items.push({ id: itemId, account, title, model, status, line });
    }
  }
  return { days, items };
}

/**
 * The lists of all accounts as one: each day once, one account's applications behind the other's.
 * What two accounts see is the first one's.
 */
export function mergedLists(lists: readonly List[]): List {
  const items = new Map<string, Item>();
  const days = new Map<string | null, Day>();
  for (const list of lists) {
    const isNew = (id: string) => !items.has(id);
    for (const day of list.days) {
      const before = days.get(day.id) ?? { ...day, order: [], left: [] };
      const order = [...before.order, ...day.order.filter(isNew)];
      days.set(day.id, { ...before, order, left: [...new Set([...before.left, ...day.left])] });
    }
    for (const item of list.items) if (isNew(item.id)) items.set(item.id, item);
  }
  const inOrder = [...days.values()].sort(({ id: one }, { id: other }) =>
    one === null ? 1 : other === null ? -1 : one < other ? -1 : 1,
  );
  return { days: inOrder, items: [...items.values()] };
}

/** What a journal and the list say of one application. */
export function lineOf(state: JournalState | undefined, isDue: boolean): Line {
  if (state?.accepted !== undefined) return acceptedLine(state.accepted.message, true);
  if (state?.rejected !== undefined) return rejectedLine(state.rejected);
  return { kind: isDue ? 'ready' : 'idle' };
}

/** Place, protocol number and instant, as the gate gave them. */
export function acceptedLine(message: Accepted, isJournaled: boolean): Line {
  const { protocol, seq: place, stamp, uncertaintyUs, duplicate } = message;
  const facts = { protocol, place, stamp, uncertaintyUs };
  return { kind: 'accepted', ...facts, isDuplicate: duplicate === true, isJournaled };
}

/** What a refusal means and what to do, in both languages. */
export function rejectedLine({ code, message }: { code: string; message: string }): Line {
  const outcome = outcomeOf(code);
  const text = { it: outcome?.it ?? message, en: outcome?.en ?? message };
  return { kind: 'rejected', code, text };
}

type Known = Pick<ListSources, 'applications' | 'clickDays'>;

export class Listing {
  readonly #bench: Workbench;
  readonly #accounts: Accounts;
  /** By account: what the portal said last, or what is prepared. */
  readonly #known = new Map<string, Known>();

  constructor(accounts: Accounts) {
    this.#bench = accounts.root;
    this.#accounts = accounts;
  }

  /** As it was prepared, without asking anyone. */
  showPrepared(): void {
    this.#show();
  }

  /** Of the accounts that are there now; one that was removed has taken its own along. */
  showAgain(): void {
    for (const name of this.#known.keys()) {
      if (this.#accounts.of(name) === undefined) this.#known.delete(name);
    }
    this.#show();
  }

  /**
   * Fresh from the portal; what is due is prepared at once, without more being promised, so that
   * the checks see the gates with passbooks in hand. An account whose list cannot be had keeps the
   * one it had, and its failure is told; gives the failure when none could be had.
   */
  async refresh(): Promise<Failure | undefined> {
    const { model } = this.#bench;
    model.change({ isListing: true });
    this.#accounts.reload();
    const failures: Failure[] = [];
    const asked = this.#accounts.allOrRoot;
    for (const bench of asked) {
      const failure = await this.#read(bench);
      this.#accounts.tell(bench, failure);
      if (failure !== undefined) failures.push(failure);
    }
    const isAll = failures.length === asked.length;
    if (!isAll) {
      this.#show();
      if (model.state.notice?.isGrave === false) model.change({ notice: null });
    }
    model.change({ isListing: false });
    if (isAll) return failures[0];
    await this.prepareDue();
    return undefined;
  }

  /** A day with nothing due is no failure here: the list says it. */
  async prepareDue(): Promise<void> {
    const { clickDay, phase } = this.#bench.model.state;
    if (clickDay === null || phase !== 'choose') return;
    await prepareAll(this.#accounts, clickDay);
  }

  async #read(bench: Workbench): Promise<Failure | undefined> {
    const { failure } = await bench.run(async (context) => {
      const portal = portalOfSession(context);
      const [applications, clickDays] = await Promise.all([
        portal.applications(),
        portal.clickDays(),
      ]);
      this.#known.set(bench.name, { applications, clickDays });
      return 0;
    });
    return failure;
  }

  choose(clickDay: string): void {
    const { model } = this.#bench;
    const day = model.days.find(({ id }) => id === clickDay);
    if (day === undefined) return;
    const chosen = day.order.filter((id) => this.#isToBeSent(id)).length;
    const opensAtUs = usFromIso(day.opensAt);
    const none = { sent: 0, accepted: 0, rejected: 0 };
    model.change({ clickDay, opensAtUs, counts: { chosen, ...none } });
  }

  /** Keeps what the person has put in order and left out. */
  keepChoice(clickDay: string, wanted: Choice): void {
    const { model } = this.#bench;
    const day = model.days.find(({ id }) => id === clickDay);
    if (day === undefined) return;
    const known = new Set(day.order);
    const choice = {
      order: wanted.order.filter((id) => known.has(id)),
      left: wanted.left.filter((id) => known.has(id)),
    };
    this.#keep(clickDay, choice);
    const items = day.order.map((id) => ({ id }));
    const order = inChosenOrder(items, choice).map(({ id }) => id);
    model.replaceDay({ ...day, order, left: choice.left });
    for (const id of order) this.#tick(id, !choice.left.includes(id));
    this.choose(clickDay);
  }

  /** For every account what concerns it: any of two may turn out to send what both see. */
  #keep(clickDay: string, { order, left }: Choice): void {
    for (const bench of this.#accounts.all) {
      const { applications } = this.#knownOf(bench);
      const own = new Set(
        applications.filter((one) => one.clickDay === clickDay).map(({ id }) => id),
      );
      const isOwn = (id: string) => own.has(id);
      const choice = { order: order.filter(isOwn), left: left.filter(isOwn) };
      if (own.size > 0) bench.base.directory.keepChoice(clickDay, choice);
    }
  }

  #tick(id: string, isWanted: boolean): void {
    const { model } = this.#bench;
    const item = model.item(id);
    const kind = item?.line.kind;
    if (item?.status !== 'ready' || (kind !== 'ready' && kind !== 'idle')) return;
    model.changeLine(id, { kind: isWanted ? 'ready' : 'idle' });
  }

  #isToBeSent(id: string): boolean {
    const kind = this.#bench.model.item(id)?.line.kind;
    return kind !== undefined && kind !== 'idle' && kind !== 'accepted';
  }

  #knownOf({ name, base }: Workbench): Known {
    const prepared = base.directory.prepared();
    return (
      this.#known.get(name) ?? {
        applications: prepared.flatMap(applicationsOf),
        clickDays: prepared.map(({ clickDay }) => clickDay),
      }
    );
  }

  #show(): void {
    const { model } = this.#bench;
    const lists = this.#accounts.all.map((bench) => {
      const { directory } = bench.base;
      return listOf({
        ...{ account: bench.name, ...this.#knownOf(bench), nowUs: this.#bench.nowUs() },
        states: foldJournal(directory.journal().read()),
        choiceOf: (id) => directory.choice(id),
      });
    });
    const list = mergedLists(lists);
    model.replaceList(list);
    const { clickDay } = model.state;
    const isThere = list.days.some(({ id }) => id === clickDay);
    const next = isThere && clickDay !== null ? clickDay : nextDay(list);
    if (next !== undefined) this.choose(next);
    else model.change({ clickDay: null, opensAtUs: null });
  }
}

/** The first that is not over and has something to send; else the last with a day. */
function nextDay({ days, items }: List): string | undefined {
  const ready = new Set(items.filter(({ line }) => line.kind === 'ready').map(({ id }) => id));
  const dated = days.flatMap(({ id, order, isOver }) =>
    id === null ? [] : [{ id, order, isOver }],
  );
  const due = dated.find(({ order, isOver }) => !isOver && order.some((id) => ready.has(id)));
  return (due ?? dated.at(-1))?.id;
}

function applicationsOf({ clickDay, applications }: Prepared): Application[] {
  return applications.map(({ id, title, model }, place) => ({
    ...{ id, title, clickDay: clickDay.id, status: 'ready' },
    model: model as Application['model'],
    // Their order is what was prepared.
    readyAt: String(place).padStart(8, '0'),
  }));
}
