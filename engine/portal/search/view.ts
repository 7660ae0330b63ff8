/** An application as a search shows it: the list's own members, and what was found. */
import type { FoundApplication, FoundFacts } from '#protocol/search-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Database } from '../../store/database/index.ts';
import { formOf } from '../applications/service.ts';
import { applicationStore } from '../applications/store.ts';
import { applicationView } from '../applications/view.ts';
import type { Models } from '../models/index.ts';
import type { FoundRow } from './query.ts';

/** Rows of a page; one that is gone meanwhile is left out. */
export function foundView(
  { database, models }: { readonly database: Database; readonly models: Models },
  rows: readonly FoundRow[],
): FoundApplication[] {
  const store = applicationStore(database);
  const pages = Map.groupBy(store.pagesOf(rows.map(({ id }) => id)), (page) => page.application);
  return rows.flatMap((row) => {
    const found = factsOf(row);
    if (row.isHistory) return [{ ...historyView(row), found }];
    const own = store.byId(row.id);
    if (own === undefined) return [];
    return [{ ...applicationView(own, formOf(models, own), pages.get(row.id) ?? []), found }];
  });
}

function factsOf(row: FoundRow): FoundFacts {
  return {
    isHistory: row.isHistory,
    year: row.year,
    decree: row.decree,
    worker: row.worker,
    workerCodiceFiscale: row.workerCode,
    employer: row.employer,
    employerCodiceFiscale: row.employerCode,
    nationality: row.nationality,
  };
}

function historyView(row: FoundRow): FoundApplication {
  const { protocol, stampUs, place } = row;
  const isSent = protocol !== null && stampUs !== null;
  return {
    id: row.id,
    model: row.model,
    modelVersion: 0,
    status: row.status,
    title: row.title,
    clickDay: row.clickDay,
    office: row.office,
    officeCriterion: null,
    createdAt: isoFromUs(row.createdUs),
    updatedAt: isoFromUs(row.changedUs),
    readyAt: null,
    submission: isSent ? { protocol, stamp: isoFromUs(stampUs), uncertaintyUs: 0, place } : null,
    receiptAt: null,
    pages: [],
  };
}
