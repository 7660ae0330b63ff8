/** Tickets for `clickday export`, in the order in which they came: no word that was written, and
 * nobody's name. */
import { isoFromUs } from '#protocol/time.ts';
import type { Database } from '../../store/database/index.ts';
import { type ExportRow, paged } from '../control-room/export.ts';

const PAGE_LENGTH = 1000;
const instant = (us: number | null) => (us === null ? null : isoFromUs(us));

/** Every ticket, also those merged into others. */
export function exportedTickets({ build, all }: Database): Generator<ExportRow> {
  const rows = build.selectFrom('tickets').selectAll().orderBy('id').limit(PAGE_LENGTH);
  return paged(
    (after) => all(rows.where('id', '>', after)),
    (row) => ({
      id: row.id,
      number: row.number,
      account: row.account,
      organisation: row.organisation,
      office: row.office,
      channel: row.channel,
      kind: row.kind,
      status: row.status,
      language: row.language,
      team: row.team,
      assignee: row.assignee,
      isEscalated: row.is_escalated,
      incident: row.incident,
      mergedInto: row.merged_into,
      application: row.application,
      createdAt: isoFromUs(row.created_at_us),
      acceptedAt: instant(row.accepted_at_us),
      firstResponseAt: instant(row.first_response_at_us),
      firstResponseDue: instant(row.first_response_due_us),
      solutionDue: instant(row.solution_due_us),
      answeredAt: instant(row.answered_at_us),
      closedAt: instant(row.closed_at_us),
      closedBy: row.closed_by,
      reopened: row.reopened,
    }),
  );
}
