/** An application as those who reach it see it. */
import type { FormDefinition } from '#protocol/forms/index.ts';
import type { Application, SubmissionView } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { ApplicationRow, PageRow } from './store.ts';

const instant = (us: number | null) => (us === null ? null : isoFromUs(us));

/** `form` is the version the application is written in; `pages` those saved so far. */
export function applicationView(
  row: ApplicationRow,
  form: FormDefinition,
  pages: readonly PageRow[],
): Application {
  return {
    id: row.id,
    model: row.model,
    modelVersion: row.model_version,
    status: row.status as Application['status'],
    title: row.title,
    ...(row.prepared_by ? { preparedBy: row.prepared_by } : {}),
    clickDay: row.click_day,
    office: row.office,
    officeCriterion: row.office_criterion,
    createdAt: isoFromUs(row.created_at_us),
    updatedAt: isoFromUs(row.updated_at_us),
    readyAt: instant(row.ready_at_us),
    submission: submissionView(row),
    receiptAt: instant(row.receipt_at_us),
    pages: form.pages.map(({ number }) => {
      const page = pages.find((each) => each.number === number);
      const savedAt = instant(page?.saved_at_us ?? null);
      return { number, complete: page?.complete === 1, savedAt };
    }),
  };
}

function submissionView(row: ApplicationRow): SubmissionView | null {
  if (row.protocol === null || row.stamp_us === null) return null;
  return {
    protocol: row.protocol,
    stamp: isoFromUs(row.stamp_us),
    uncertaintyUs: row.uncertainty_us ?? 0,
    place: row.place,
  };
}
