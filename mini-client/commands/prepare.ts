/**
 * `prepare`: chooses the click day, selects what is due, and lays everything that `send` needs on
 * disk, so that on the day neither the portal nor this command is needed.
 */
import { openPassbook } from '../core/index.ts';
import type { Application, ClickDayView } from '../portal.ts';
import { type CommandContext, type ExitCode, portalOfSession, Refusal } from './context.ts';
import { inChosenOrder, inOrderOfCompilation } from './list.ts';
import { keepOrder } from './order.ts';
import { keepKeys } from './receipt-check.ts';

export interface PrepareOptions {
  readonly clickDay?: string;
  readonly order?: readonly string[];
  /** Those that another account sends already: members of an organisation see the same ones. */
  readonly without?: ReadonlySet<string>;
}

export async function prepare(context: CommandContext, options: PrepareOptions): Promise<ExitCode> {
  const { output, directory } = context;
  if (options.order !== undefined) {
    if (options.clickDay === undefined) throw new Refusal('orderNeedsDay', {}, 2);
    keepOrder(context, options.clickDay, options.order);
  }
  const portal = portalOfSession(context);
  const [applications, clickDays, gates] = await Promise.all([
    portal.applications(),
    portal.clickDays(),
    portal.gates(),
  ]);
  const due = inOrderOfCompilation(applications.filter(({ status }) => status === 'ready'));
  const day = chooseDay(due, clickDays, options.clickDay);
  if (gates.length === 0) throw new Refusal('noGates');
  const passbooks = passbooksOf(await portal.passbooks(), day.id);
  const inPassbooks = new Set(passbooks.flatMap(({ applicationIds }) => applicationIds));
  const choice = directory.choice(day.id);
  const chosen = inChosenOrder(due, choice).filter(
    ({ id, clickDay }) =>
      clickDay === day.id &&
      inPassbooks.has(id) &&
      choice?.left.includes(id) !== true &&
      options.without?.has(id) !== true,
  );
  if (chosen.length === 0) throw new Refusal('nothingReady', { id: day.id });
  await keepKeys(context, portal);
  // Whoever logged out meanwhile wants nothing prepared any more.
  const session = directory.session();
  if (session === undefined) throw new Refusal('notLoggedIn');
  const { id, name, opensAt, closesAt } = day;
  directory.keepPrepared({
    portal: session.portal,
    email: session.email,
    preparedAtUs: context.wallNowUs(),
    clickDay: { id, name, opensAt, closesAt },
    gates: [...gates],
    passbooks: passbooks.map(({ text }) => text),
    applications: chosen.map(({ id, title, model }) => ({ id, title, model })),
  });
  output.say('prepared', { id, count: chosen.length, gates: gates.length, opensAt });
  const ids = chosen.map((application) => application.id);
  output.data({ event: 'prepared', clickDay: id, opensAt, gates, applications: ids });
  return 0;
}

/** The day asked for, or the only one that has something due. */
function chooseDay(
  due: readonly Application[],
  clickDays: readonly ClickDayView[],
  wanted: string | undefined,
): ClickDayView {
  const ids = clickDays.map(({ id }) => id).join(', ');
  if (wanted !== undefined) {
    const day = clickDays.find(({ id }) => id === wanted);
    if (day === undefined) throw new Refusal('unknownDay', { id: wanted, ids });
    return day;
  }
  const candidates = clickDays.filter(
    (day) => day.status !== 'closed' && due.some(({ clickDay }) => clickDay === day.id),
  );
  if (candidates.length > 1) {
    throw new Refusal('chooseDay', { ids: candidates.map(({ id }) => id).join(', ') }, 2);
  }
  const [only] = candidates;
  if (only === undefined) throw new Refusal('noUpcoming');
  return only;
}

/** The passbooks that list something of the day, and which applications of it. */
function passbooksOf(texts: readonly string[], dayId: string) {
  return texts.flatMap((text) => {
    const lines = [...(openPassbook(text)?.lines.values() ?? [])];
    const applicationIds = lines.filter(({ clickDay }) => clickDay === dayId).map(({ id }) => id);
    return applicationIds.length === 0 ? [] : [{ text, applicationIds }];
  });
}
