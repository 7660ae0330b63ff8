/**
 * Incidents that are known: shown before somebody writes, so that they may follow one instead. Who
 * follows it, and whose open ticket is put to it, is told of each update that has a message and of
 * the end; telling is work in the background (`jobs/`), written in the transaction of the change.
 */
import type { DeskIncident, IncidentDraft } from '#protocol/desk-tools-api.ts';
import type { Incident, TicketKind } from '#protocol/helpdesk-api.ts';
import type { Texts } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { IncidentsTable } from '../../../store/database/index.ts';
import { Refusal } from '../../http/refusal.ts';
import type { ToolParts } from '../parts.ts';
import { refuseProblems, textProblems, trimmed } from '../texts.ts';

const OPEN_MAX = 20;
/** How long one that is over is still shown. */
const SHOWN_AFTER_US = 2 * 3_600_000_000;
/** Of those that are over, as many are listed for the desk. */
const LISTED_MAX = 100;
const LENGTHS = { title: 160, text: 4000, message: 4000 };

/** What is told to followers and open tickets. */
export interface IncidentNews {
  readonly incident: string;
  readonly title: Texts;
  readonly message: Texts;
  readonly isResolved: boolean;
}

export interface Incidents {
  /** What a page shows; the newest first. `account`: whose following is marked. */
  shown(account: string | null): Incident[];
  /** For the desk: open ones first. */
  list(): DeskIncident[];
  create(by: string, draft: IncidentDraft): DeskIncident;
  change(by: string, id: string, draft: IncidentDraft): DeskIncident;
  /** Refuses INCIDENT_RESOLVED. Following twice is following. */
  follow(account: string, id: string): void;
  unfollow(account: string, id: string): void;
  exists(id: string): boolean;
}

interface Parts extends ToolParts {
  /** Joins the open transaction. */
  readonly tell: (by: string, news: IncidentNews) => void;
}

/** The incidents in `database`. */
export function createIncidents(parts: Parts): Incidents {
  const { database, clock, random, audit, tell } = parts;
  const { build } = database;
  const rows = () => build.selectFrom('incidents').selectAll();
  const known = (id: string) => {
    const row = database.first(rows().where('id', '=', id));
    if (row === undefined) throw new Refusal('NOT_FOUND');
    return row;
  };
  const counts = countsOf(parts);
  const view = (row: IncidentsTable): DeskIncident => ({
    ...incidentOf(row, false),
    followers: counts.followers(row.id),
    openTickets: counts.openTickets(row.id),
  });
  const open = () => rows().where('resolved_at_us', 'is', null);
  const change = (by: string, id: string, draft: IncidentDraft) => {
    const before = known(id);
    const nowUs = clock.nowUs();
    const wasResolved = before.resolved_at_us !== null;
    if (wasResolved && !draft.isResolved) refuseTooMany(database.all(open()).length);
    const resolvedUs = draft.isResolved ? (before.resolved_at_us ?? nowUs) : null;
    const columns = { ...columnsOf(draft), updated_at_us: nowUs, resolved_at_us: resolvedUs };
    database.run(build.updateTable('incidents').set(columns).where('id', '=', id));
    const news = newsOf(id, draft, draft.isResolved && !wasResolved);
    if (news !== null) tell(by, news);
    const detail = { before: incidentOf(before, false), change: draft };
    audit({ account: by, action: 'incident.change', subject: id, detail });
    return view({ ...before, ...columns });
  };
  return {
    shown: (account) => {
      const sinceUs = clock.nowUs() - SHOWN_AFTER_US;
      const over = rows().where('resolved_at_us', '>', sinceUs).limit(OPEN_MAX);
      const followed = account === null ? new Set() : counts.followedBy(account);
      return [...database.all(open()), ...database.all(over)]
        .sort((one, other) => Number(one.id < other.id) - Number(one.id > other.id))
        .map((row) => incidentOf(row, followed.has(row.id)));
    },
    list: () => {
      const over = rows().where('resolved_at_us', 'is not', null);
      const latest = over.orderBy('resolved_at_us', 'desc').limit(LISTED_MAX);
      return [...database.all(open().orderBy('id', 'desc')), ...database.all(latest)].map(view);
    },
    create: (by, draft) =>
      database.transaction(() => {
        if (!draft.isResolved) refuseTooMany(database.all(open()).length);
        const nowUs = clock.nowUs();
        const times = { started_at_us: nowUs, updated_at_us: nowUs };
        const resolved = { resolved_at_us: draft.isResolved ? nowUs : null };
        const row = { id: random.id(), ...columnsOf(draft), ...times, ...resolved };
        database.run(build.insertInto('incidents').values(row));
        audit({ account: by, action: 'incident.create', subject: row.id, detail: draft });
        return view(row);
      }),
    change: (by, id, draft) => database.transaction(() => change(by, id, draft)),
    follow: (account, id) =>
      database.transaction(() => {
        if (known(id).resolved_at_us !== null) throw new Refusal('INCIDENT_RESOLVED');
        const row = { incident: id, account, since_us: clock.nowUs() };
        const added = build.insertInto('incident_followers').values(row);
        database.run(added.onConflict((conflict) => conflict.doNothing()));
      }),
    unfollow: (account, id) => {
      const gone = build.deleteFrom('incident_followers').where('incident', '=', known(id).id);
      database.run(gone.where('account', '=', account));
    },
    exists: (id) => database.first(rows().where('id', '=', id)) !== undefined,
  };
}

function refuseTooMany(count: number): void {
  if (count >= OPEN_MAX) throw new Refusal('INCIDENTS_OPEN_MAX');
}

const RESOLVED: Texts = {
  it: 'Il problema è stato risolto. Se continua, rispondi a questo messaggio o scrivi all’assistenza.',
  en: 'The problem has been solved. If it goes on, reply to this message or write to the help desk.',
};

/** Null when nobody needs to be told. */
function newsOf(incident: string, draft: IncidentDraft, isOver: boolean): IncidentNews | null {
  const given = draft.message === undefined ? null : trimmed(draft.message);
  const message = given ?? (isOver ? RESOLVED : null);
  if (message === null) return null;
  return { incident, title: trimmed(draft.title), message, isResolved: isOver };
}

function countsOf({ database }: ToolParts) {
  const { build } = database;
  return {
    followers: (incident: string) => {
      const all = build.selectFrom('incident_followers').where('incident', '=', incident);
      return Number(database.first(all.select((e) => e.fn.countAll().as('n')))?.n ?? 0);
    },
    openTickets: (incident: string) => {
      const open = build.selectFrom('tickets').where('incident', '=', incident);
      const count = open
        .where('side', 'in', ['desk', 'user'])
        .select((e) => e.fn.countAll().as('n'));
      return Number(database.first(count)?.n ?? 0);
    },
    followedBy: (account: string): Set<string> => {
      const own = build.selectFrom('incident_followers').select('incident');
      return new Set(
        database.all(own.where('account', '=', account)).map(({ incident }) => incident),
      );
    },
  };
}

function columnsOf(draft: IncidentDraft) {
  const { title, text, message } = draft;
  const texts = { title, text, ...(message === undefined ? {} : { message }) };
  refuseProblems(textProblems(texts, LENGTHS));
  return {
    title_it: title.it.trim(),
    title_en: title.en.trim(),
    text_it: text.it.trim(),
    text_en: text.en.trim(),
    kind: draft.kind,
  };
}

function incidentOf(row: IncidentsTable, isFollowed: boolean): Incident {
  return {
    id: row.id,
    title: { it: row.title_it, en: row.title_en },
    text: { it: row.text_it, en: row.text_en },
    kind: row.kind as TicketKind,
    startedAt: isoFromUs(row.started_at_us),
    updatedAt: isoFromUs(row.updated_at_us),
    resolvedAt: row.resolved_at_us === null ? null : isoFromUs(row.resolved_at_us),
    isFollowed,
  };
}
