/**
 * The list: applications by click day in the order of sending, the due ones ticked by themselves,
 * with what the journal knows of each. Fresh from the portal, or, while that is out of reach, as
 * they were prepared.
 */
import type { Accepted } from '#protocol/frames.ts';
import { outcomeOf } from '#protocol/outcomes.ts';
import { usFromIso } from '#protocol/time.ts';
import { byClickDay, inChosenOrder } from '../commands/list.ts';
import { prepare } from '../commands/prepare.ts';
import { foldJournal, type JournalState } from '../core/index.ts';
import type { Choice, Prepared } from '../node/directory.ts';
import type { Application, ClickDayView } from '../portal.ts';
import type { Day, Item, Line, List } from './state.ts';
import type { Workbench } from './workbench.ts';

export interface ListSources {
  readonly applications: readonly Application[];
  readonly clickDays: readonly Pick<ClickDayView, 'id' | 'name' | 'opensAt' | 'closesAt'>[];
  readonly states: ReadonlyMap<string, JournalState>;
  readonly choiceOf: (clickDay: string) => Choice | undefined;
  readonly nowUs: number;
}

/** Days with applications; those without a day last. */
export function listOf(sources: ListSources): List {
  const { clickDays, states, choiceOf, nowUs } = sources;
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
      items.push({ id: itemId, title, model, status, line });
    }
  }
  return { days, items };
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

export class Listing {
  readonly #bench: Workbench;

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  /** As it was prepared, without asking anyone. */
  showPrepared(): void {
    const prepared = this.#bench.base.directory.prepared();
    this.#show(
      prepared.flatMap(applicationsOf),
      prepared.map(({ clickDay }) => clickDay),
    );
  }

  /**
   * Fresh from the portal; what is due is prepared at once, without more being promised, so that
   * the checks see the gates with passbooks in hand. Throws as the portal does.
   */
  async refresh(): Promise<void> {
    const { model } = this.#bench;
    model.change({ isListing: true });
    try {
      const portal = this.#bench.portal();
      const [applications, clickDays] = await Promise.all([
        portal.applications(),
        portal.clickDays(),
      ]);
      this.#show(applications, clickDays);
      if (model.state.notice?.isGrave === false) model.change({ notice: null });
    } finally {
      model.change({ isListing: false });
    }
    await this.prepareDue();
  }

  /** A day with nothing due is no failure here: the list says it. */
  async prepareDue(): Promise<void> {
    const { clickDay, phase } = this.#bench.model.state;
    if (clickDay === null || phase !== 'choose') return;
    await this.#bench.run((context) => prepare(context, { clickDay }));
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
    const { model, base } = this.#bench;
    const day = model.days.find(({ id }) => id === clickDay);
    if (day === undefined) return;
    const known = new Set(day.order);
    const choice = {
      order: wanted.order.filter((id) => known.has(id)),
      left: wanted.left.filter((id) => known.has(id)),
    };
    base.directory.keepChoice(clickDay, choice);
    const items = day.order.map((id) => ({ id }));
    const order = inChosenOrder(items, choice).map(({ id }) => id);
    model.replaceDay({ ...day, order, left: choice.left });
    for (const id of order) this.#tick(id, !choice.left.includes(id));
    this.choose(clickDay);
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

  #show(applications: readonly Application[], clickDays: ListSources['clickDays']): void {
    const { model, base } = this.#bench;
    const list = listOf({
      ...{ applications, clickDays, nowUs: this.#bench.nowUs() },
      states: foldJournal(base.directory.journal().read()),
      choiceOf: (id) => base.directory.choice(id),
    });
    model.replaceList(list);
    const { clickDay } = model.state;
    const isThere = list.days.some(({ id }) => id === clickDay);
    const next = isThere && clickDay !== null ? clickDay : nextDay(list);
    if (next !== undefined) this.choose(next);
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
