/** The tables of the search; the text that makes them is in `steps/search.ts`. */

/** Which answers of a form are searched as what, from the models. */
export interface SearchFieldsTable {
  model: string;
  version: number;
  /** worker, worker-cf, employer, employer-cf, nationality. */
  kind: string;
  position: number;
  field: string;
}

/** An application as it is searched, of this system or of earlier years. */
export interface SearchTable {
  n: number;
  /** Rises with every change of any row; a row has that of its last. */
  revision: number;
  /** Null: the row is gone. */
  id: string | null;
  is_history: number;
  /** Who owns it in this system. */
  account: string | null;
  organisation: string | null;
  /** Of an earlier year: the address it was sent by, lower case. */
  sender: string | null;
  /** Of an earlier year: the tax code of the organisation that sent it. */
  sender_code: string | null;
  year: number;
  decree: string | null;
  model: string;
  status: string;
  click_day: string | null;
  office: string | null;
  nationality: string | null;
  title: string;
  worker: string;
  worker_cf: string | null;
  employer: string;
  employer_cf: string | null;
  protocol: string | null;
  stamp_us: number | null;
  place: number | null;
  created_us: number;
  changed_us: number;
}

export interface SavedSearchesTable {
  id: string;
  account: string;
  name: string;
  query: string;
  created_at_us: number;
}

/** How far a file of earlier applications was imported, by the SHA-256 of its bytes. */
export interface HistoryImportsTable {
  digest: string;
  name: string;
  /** Up to where it was read; what stands before is in the tables. */
  bytes: number;
  lines: number;
  tally_json: string;
  refused_bytes: number;
  begun_at_us: number;
  ended_at_us: number | null;
}

export interface SearchTables {
  search_fields: SearchFieldsTable;
  search: SearchTable;
  saved_searches: SavedSearchesTable;
  history_imports: HistoryImportsTable;
}
