/** `list`: the account's applications, fresh from the portal, grouped by click day. */

import type { Choice } from '../node/directory.ts';
import type { Application, ClickDayView } from '../portal.ts';
import type { TextKey } from '../texts.ts';
import { type CommandContext, type ExitCode, portalOfSession } from './context.ts';

const statusKeys: Record<Application['status'], TextKey> = {
  draft: 'statusDraft',
  ready: 'statusReady',
  submitted: 'statusSubmitted',
  receipt: 'statusReceipt',
};

export async function list(context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const portal = portalOfSession(context);
  const [applications, clickDays] = await Promise.all([portal.applications(), portal.clickDays()]);
  if (applications.length === 0) output.say('noApplications');
  for (const [id, members] of byClickDay(applications)) {
    tellHeading(context, id, clickDays);
    for (const application of members) tellApplication(context, application);
  }
  return 0;
}

/** Applications by click day, the days in order, those without a day last. */
export function byClickDay(
  applications: readonly Application[],
): ReadonlyMap<string | null, readonly Application[]> {
  const groups = new Map<string | null, Application[]>();
  for (const application of inOrderOfCompilation(applications)) {
    const group = groups.get(application.clickDay) ?? [];
    groups.set(application.clickDay, [...group, application]);
  }
  const ids = [...groups.keys()].sort((one, other) =>
    one === null ? 1 : other === null ? -1 : one < other ? -1 : 1,
  );
  return new Map(ids.map((id) => [id, groups.get(id) ?? []]));
}

/** Bulk sendings are single sendings in order of compilation (circular of 2011). */
export function inOrderOfCompilation(applications: readonly Application[]): Application[] {
  const key = ({ readyAt, id }: Application) => `${readyAt ?? '9999'} ${id}`;
  return [...applications].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** As a person has put them; what is not named there stays in its order behind. */
export function inChosenOrder<T extends { readonly id: string }>(
  applications: readonly T[],
  choice: Choice | undefined,
): T[] {
  const places = new Map(choice?.order.map((id, place) => [id, place]));
  const placeOf = ({ id }: T) => places.get(id) ?? places.size;
  return [...applications].sort((one, other) => placeOf(one) - placeOf(other));
}

function tellHeading(
  { output }: CommandContext,
  id: string | null,
  clickDays: readonly ClickDayView[],
): void {
  const day = clickDays.find((candidate) => candidate.id === id);
  if (id === null) output.say('noDayHeading');
  else {
    const name = day?.name[output.language] ?? '';
    output.say('dayHeading', { id, name, opensAt: day?.opensAt ?? '?' });
  }
}

function tellApplication({ output }: CommandContext, application: Application): void {
  const { id, model, title, clickDay, status } = application;
  output.say('applicationLine', { id, model, title, status: output.text(statusKeys[status]) });
  output.data({ event: 'application', id, model, title, clickDay, status });
}
