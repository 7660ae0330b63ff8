/**
 * Notices of the administrators: written in both languages, with a severity and a period, shown to
 * everybody while the period lasts. Every change is in the audit, in the transaction of the change.
 * At most `NOTICES_MAX` are kept, so that a page shows few and the list needs no paging.
 */
import type { Notice, NoticeDraft, NoticeSeverity } from '#protocol/notices-api.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';
import type { Random } from '../../foundation/random.ts';
import type { Database, NoticesTable } from '../../store/database/index.ts';
import type { Audit } from '../control-room/audit.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';

const NOTICES_MAX = 200;
const GRAVITY: Readonly<Record<NoticeSeverity, number>> = { danger: 0, warning: 1, info: 2 };

export interface Notices {
  /** Those of this instant: the gravest first, among equals the one that began last. */
  current(): Notice[];
  /** All of them, the one that ends last first. */
  all(): Notice[];
  create(by: string, draft: NoticeDraft): Notice;
  change(by: string, id: string, draft: NoticeDraft): Notice;
  remove(by: string, id: string): void;
}

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly audit: Audit;
}

/** The notices in `database`. */
export function createNotices({ database, clock, random, audit }: Parts): Notices {
  const { build } = database;
  const rows = () => build.selectFrom('notices').selectAll();
  const known = (id: string) => {
    const row = database.first(rows().where('id', '=', id));
    if (row === undefined) throw new Refusal('NOT_FOUND');
    return row;
  };
  return {
    current: () => {
      const nowUs = clock.nowUs();
      const shown = rows().where('until_us', '>', nowUs).where('from_us', '<=', nowUs);
      const notices = database.all(shown.orderBy('from_us', 'desc').orderBy('id')).map(noticeOf);
      return notices.sort((one, other) => GRAVITY[one.severity] - GRAVITY[other.severity]);
    },
    all: () => database.all(rows().orderBy('until_us', 'desc').orderBy('id')).map(noticeOf),
    create: (by, draft) => {
      const nowUs = clock.nowUs();
      const row = { id: random.id(), ...columnsOf(draft, nowUs), created_at_us: nowUs };
      return database.transaction(() => {
        const count = build.selectFrom('notices').select(({ fn }) => fn.countAll().as('count'));
        if (Number(database.first(count)?.count) >= NOTICES_MAX) throw new Refusal('NOTICES_MAX');
        database.run(build.insertInto('notices').values(row));
        audit({ account: by, action: 'notice.create', subject: row.id, detail: draft });
        return noticeOf(row);
      });
    },
    change: (by, id, draft) =>
      database.transaction(() => {
        const before = known(id);
        const columns = columnsOf(draft, clock.nowUs());
        database.run(build.updateTable('notices').set(columns).where('id', '=', id));
        const detail = { before: noticeOf(before), change: draft };
        audit({ account: by, action: 'notice.change', subject: id, detail });
        return noticeOf({ ...before, ...columns });
      }),
    remove: (by, id) =>
      database.transaction(() => {
        const detail = noticeOf(known(id));
        database.run(build.deleteFrom('notices').where('id', '=', id));
        audit({ account: by, action: 'notice.remove', subject: id, detail });
      }),
  };
}

function columnsOf(draft: NoticeDraft, nowUs: number) {
  const [fromUs, untilUs] = [usFromIso(draft.from), usFromIso(draft.until)];
  const errors = [];
  if (!Number.isSafeInteger(fromUs)) errors.push(fieldProblem('from', 'NOTICE_PERIOD'));
  if (!Number.isSafeInteger(untilUs) || untilUs <= fromUs) {
    errors.push(fieldProblem('until', 'NOTICE_PERIOD'));
  }
  if (errors.length > 0) throw new Refusal('NOTICE_PERIOD', { errors });
  return {
    text_it: draft.text.it.trim(),
    text_en: draft.text.en.trim(),
    severity: draft.severity,
    from_us: fromUs,
    until_us: untilUs,
    updated_at_us: nowUs,
  };
}

function noticeOf(row: NoticesTable): Notice {
  return {
    id: row.id,
    text: { it: row.text_it, en: row.text_en },
    severity: row.severity as NoticeSeverity,
    from: isoFromUs(row.from_us),
    until: isoFromUs(row.until_us),
  };
}
