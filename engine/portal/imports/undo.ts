/**
 * Takes an import back: what it made goes, but for what somebody has changed since, has sent, or
 * holds in a passbook. That stays, and the report says so.
 */
import { applicationStore } from '../applications/store.ts';
import { doPiece, type JobParts } from './job.ts';
import type { Finding } from './judge.ts';
import type { ImportedRow, ImportRow } from './store.ts';

const ROWS_AT_ONCE = 12;
const EDITABLE = ['draft', 'ready'];

const KEPT: Finding = {
  kind: 'warning',
  field: '',
  code: 'KEPT',
  messages: {
    it: 'Non eliminata: dopo l’importazione è stata modificata, inviata o messa in un libretto.',
    en: 'Not deleted: since the import it was changed, sent or put into a passbook.',
  },
};

/** Every row of an application is *undone* or *kept* in the end. */
export async function undoImport(parts: JobParts, job: ImportRow): Promise<void> {
  const { store, database } = parts;
  let after = 0;
  for (;;) {
    const rows = store.rowsIn(job.id, EDITABLE, { after, limit: ROWS_AT_ONCE });
    if (rows.length === 0 || parts.isStopped()) return;
    after = await database.piece(() =>
      doPiece(parts.clock, rows, (row) => undoRow(parts, job, row)),
    );
    await parts.pause();
  }
}

function undoRow({ store, database }: JobParts, job: ImportRow, row: ImportedRow): void {
  const applications = applicationStore(database);
  const found = applications.byId(row.application ?? '');
  const isUntouched =
    found !== undefined &&
    EDITABLE.includes(found.status) &&
    found.updated_at_us === row.made_at_us &&
    !applications.hasIssuedVersion(found.id);
  if (isUntouched) applications.remove(found.id);
  if (isUntouched || !found) {
    store.updateRow(job.id, row.number, { state: 'undone', application: null });
    return;
  }
  const findings = [...(JSON.parse(row.findings_json) as Finding[]), KEPT];
  const findings_json = JSON.stringify(findings);
  store.updateRow(job.id, row.number, { state: 'kept', findings_json, has_findings: 1 });
}
