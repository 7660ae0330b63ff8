/**
 * Canned answers: texts in both languages that operators keep, with places for what differs. They
 * are filled here, for one ticket and in its language, so that nobody sends a bare `{{name}}`.
 */
import type { Canned, CannedDraft } from '#protocol/desk-tools-api.ts';
import type { TicketKind } from '#protocol/helpdesk-api.ts';
import type { AccountsTable, CannedAnswersTable } from '../../../store/database/index.ts';
import { Refusal } from '../../http/refusal.ts';
import type { ToolParts } from '../parts.ts';
import { refuseProblems, textProblems, trimmed } from '../texts.ts';
import { fillPlaces } from './places.ts';

const CANNED_MAX = 300;
const TEXT_LENGTH_MAX = 8000;
/** An operator without a name signs so; an address of staff is nobody's to know. */
const DESK_NAME = 'Clickday';

export interface CannedAnswers {
  /** All, by title. */
  list(): Canned[];
  create(by: string, draft: CannedDraft): Canned;
  change(by: string, id: string, draft: CannedDraft): Canned;
  remove(by: string, id: string): void;
  /** The text for a ticket, in the ticket's language. Reads who asks: it is in the audit. */
  filled(operator: AccountsTable, wish: { ticket: string; canned: string }): string;
}

/** The canned answers in `database`. */
export function createCanned(parts: ToolParts): CannedAnswers {
  const { database, clock, random, audit } = parts;
  const { build } = database;
  const rows = () => build.selectFrom('canned_answers').selectAll();
  const known = (id: string) => {
    const row = database.first(rows().where('id', '=', id));
    if (row === undefined) throw new Refusal('NOT_FOUND');
    return row;
  };
  return {
    list: () => database.all(rows().orderBy('title').orderBy('id')).map(cannedOf),
    create: (by, draft) => {
      const row = { id: random.id(), ...columnsOf(draft, clock.nowUs()) };
      return database.transaction(() => {
        if (database.all(rows()).length >= CANNED_MAX) throw new Refusal('DESK_LIST_FULL');
        database.run(build.insertInto('canned_answers').values(row));
        audit({ account: by, action: 'canned.create', subject: row.id, detail: draft });
        return cannedOf(row);
      });
    },
    change: (by, id, draft) =>
      database.transaction(() => {
        const before = known(id);
        const columns = columnsOf(draft, clock.nowUs());
        database.run(build.updateTable('canned_answers').set(columns).where('id', '=', id));
        const detail = { before: cannedOf(before), change: draft };
        audit({ account: by, action: 'canned.change', subject: id, detail });
        return cannedOf({ ...before, ...columns });
      }),
    remove: (by, id) =>
      database.transaction(() => {
        const detail = cannedOf(known(id));
        database.run(build.deleteFrom('canned_answers').where('id', '=', id));
        audit({ account: by, action: 'canned.remove', subject: id, detail });
      }),
    filled: (operator, wish) =>
      database.transaction(() => {
        const canned = known(wish.canned);
        const ticket = ticketOf(parts, wish.ticket);
        const detail = { ticket: wish.ticket };
        audit({ account: operator.id, action: 'canned.fill', subject: canned.id, detail });
        const text = ticket.language === 'en' ? canned.text_en : canned.text_it;
        return fillPlaces(text, {
          name: ticket.contact_name,
          number: ticket.number ?? '',
          operator: `${operator.given_name} ${operator.family_name}`.trim() || DESK_NAME,
          application: ticket.title ?? '',
          protocol: ticket.protocol ?? '',
        });
      }),
  };
}

function ticketOf({ database }: ToolParts, id: string) {
  const found = database.first(
    database.build
      .selectFrom('tickets as t')
      .leftJoin('applications as a', 'a.id', 't.application')
      .select(['t.contact_name', 't.number', 't.language', 'a.title', 'a.protocol'])
      .where('t.id', '=', id),
  );
  if (found === undefined) throw new Refusal('NOT_FOUND');
  return found;
}

function columnsOf(draft: CannedDraft, nowUs: number) {
  refuseProblems(textProblems({ text: draft.text }, { text: TEXT_LENGTH_MAX }));
  const { it, en } = trimmed(draft.text);
  const title = draft.title.trim();
  return { title, kind: draft.kind, text_it: it, text_en: en, updated_at_us: nowUs };
}

function cannedOf(row: CannedAnswersTable): Canned {
  const text = { it: row.text_it, en: row.text_en };
  return { id: row.id, title: row.title, kind: row.kind as TicketKind | null, text };
}
