/**
 * Canned answers: texts in both languages that operators keep, with places for what differs. The
 * page fills them for a ticket, and sends none in which a `{{name}}` is left.
 */
import type { Canned, CannedDraft } from '#protocol/desk-tools-api.ts';
import type { TicketKind } from '#protocol/helpdesk-api.ts';
import type { CannedAnswersTable } from '../../../store/database/index.ts';
import { Refusal } from '../../http/refusal.ts';
import type { ToolParts } from '../parts.ts';
import { refuseProblems, textProblems, trimmed } from '../texts.ts';

const CANNED_MAX = 300;
const TEXT_LENGTH_MAX = 8000;

export interface CannedAnswers {
  /** All, by title. */
  list(): Canned[];
  create(by: string, draft: CannedDraft): Canned;
  change(by: string, id: string, draft: CannedDraft): Canned;
  remove(by: string, id: string): void;
}

/** The canned answers in `database`. */
export function createCanned({ database, clock, random, audit }: ToolParts): CannedAnswers {
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
  };
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
