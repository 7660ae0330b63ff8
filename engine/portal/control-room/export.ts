/**
 * Rows for `clickday export`, in the order in which they were made, a page at a time so that a
 * running portal is never held up. No password, token or answer of a form leaves this way.
 */
import { isoFromUs } from '#protocol/time.ts';
import type { Database } from '../../store/database/index.ts';

export type ExportRow = Readonly<Record<string, string | number | null>>;

const PAGE_LENGTH = 1000;
const instant = (us: number | null) => (us === null ? null : isoFromUs(us));

/** Every application, drafts included. */
export function exportedApplications({ build, all }: Database): Generator<ExportRow> {
  return paged(
    (after) =>
      all(
        build
          .selectFrom('applications')
          .selectAll()
          .where('id', '>', after)
          .orderBy('id')
          .limit(PAGE_LENGTH),
      ),
    (row) => ({
      id: row.id,
      account: row.account,
      model: row.model,
      modelVersion: row.model_version,
      status: row.status,
      clickDay: row.click_day,
      office: row.office,
      officeCriterion: row.office_criterion,
      digest: row.digest,
      createdAt: isoFromUs(row.created_at_us),
      readyAt: instant(row.ready_at_us),
      protocol: row.protocol,
      stamp: instant(row.stamp_us),
      place: row.place,
      receiptAt: instant(row.receipt_at_us),
    }),
  );
}

/** The whole audit. `detail` is JSON text. */
export function exportedAudit({ build, all }: Database): Generator<ExportRow> {
  return paged(
    (after) =>
      all(
        build
          .selectFrom('audit')
          .selectAll()
          .where('id', '>', after)
          .orderBy('id')
          .limit(PAGE_LENGTH),
      ),
    (row) => ({
      id: row.id,
      at: isoFromUs(row.at_us),
      account: row.account,
      action: row.action,
      subject: row.subject,
      detail: row.detail_json,
    }),
  );
}

/** Reads page after page, by the id behind the last. */
export function* paged<Row extends { id: string }>(
  read: (after: string) => Row[],
  show: (row: Row) => ExportRow,
): Generator<ExportRow> {
  for (let rows = read(''); rows.length > 0; rows = read(rows.at(-1)!.id)) {
    for (const row of rows) yield show(row);
  }
}
