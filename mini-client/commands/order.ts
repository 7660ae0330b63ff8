/**
 * `order`: shows the order in which the applications of a click day will be sent, and changes it:
 * some go to the front, others are left out. Kept in the directory, where `prepare` finds it; what
 * is prepared already is put in that order at once, without the portal.
 */
import type { Prepared } from '../node/directory.ts';
import { type CommandContext, type ExitCode, Refusal } from './context.ts';
import { inChosenOrder } from './list.ts';
import { choosePrepared } from './send.ts';

export interface OrderOptions {
  readonly clickDay?: string;
  /** These go first, in this order; the others follow as they were. */
  readonly first?: readonly string[];
  /** These are not sent. */
  readonly leave?: readonly string[];
  /** Forgets what was chosen: order of compilation, everything. */
  readonly isReset?: boolean;
}

export async function order(context: CommandContext, options: OrderOptions): Promise<ExitCode> {
  const { directory } = context;
  const prepared = choosePrepared(context, options.clickDay);
  const { id } = prepared.clickDay;
  const { first = [], leave = [], isReset = false } = options;
  if (isReset) {
    directory.keepChoice(id, { order: [], left: [] });
    context.output.say('orderReset', { id });
    context.output.data({ event: 'order-reset', clickDay: id });
    return 0;
  }
  checkKnown(prepared, [...first, ...leave]);
  const isChanged = first.length > 0 || leave.length > 0;
  const changed = isChanged ? changedBy(context, prepared, { first, leave }) : prepared;
  tell(context, changed);
  return 0;
}

/** Keeps `ids` as the order of sending of a day, before anything is prepared for it. */
export function keepOrder({ directory }: CommandContext, clickDay: string, ids: readonly string[]) {
  const left = directory.choice(clickDay)?.left ?? [];
  directory.keepChoice(clickDay, { order: [...ids], left });
}

function changedBy(
  { directory }: CommandContext,
  prepared: Prepared,
  { first, leave }: { first: readonly string[]; leave: readonly string[] },
): Prepared {
  const { id } = prepared.clickDay;
  const before = directory.choice(id);
  const left = [...new Set([...(before?.left ?? []), ...leave])];
  const rest = prepared.applications.map((one) => one.id).filter((one) => !first.includes(one));
  const choice = { order: [...first, ...rest], left: left.filter((one) => !first.includes(one)) };
  const applications = inChosenOrder(prepared.applications, choice).filter(
    (one) => !choice.left.includes(one.id),
  );
  if (applications.length === 0) throw new Refusal('orderLeavesNone', { id });
  directory.keepChoice(id, choice);
  const changed = { ...prepared, applications };
  directory.keepPrepared(changed);
  return changed;
}

function checkKnown({ applications, clickDay }: Prepared, ids: readonly string[]): void {
  const known = new Set(applications.map(({ id }) => id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown === undefined) return;
  throw new Refusal('orderUnknown', { application: unknown, id: clickDay.id });
}

function tell({ output, directory }: CommandContext, prepared: Prepared): void {
  const { id } = prepared.clickDay;
  const left = directory.choice(id)?.left ?? [];
  output.say('orderHeading', { id, count: prepared.applications.length, left: left.length });
  for (const [at, application] of prepared.applications.entries()) {
    output.line(`${String(at + 1).padStart(5)}  ${application.id}  ${application.title}`);
  }
  const applications = prepared.applications.map((one) => one.id);
  output.data({ event: 'order', clickDay: id, applications, left });
}
