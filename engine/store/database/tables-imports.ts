/** Tables of the imports of many applications. */

export interface ImportsTable {
  id: string;
  /** The organisation whose applications they become. */
  organisation: string;
  /** Who sent the file. */
  account: string;
  model: string;
  model_version: number;
  file_name: string;
  state: string;
  /** A code of the catalogue when the file could not be read. */
  failure: string | null;
  /** 1 when the rows are to be made ready as well. */
  make_ready: number;
  /** The first row as it was written, and what of it is unknown or missing. */
  header_json: string;
  created_at_us: number;
  updated_at_us: number;
}

/** The file as it came, until it has been checked. */
export interface ImportPiecesTable {
  import: string;
  number: number;
  bytes: Uint8Array;
}

export interface ImportRowsTable {
  import: string;
  /** As spreadsheet programs count. */
  number: number;
  state: string;
  has_findings: number;
  /** The answers, until the application is made from them. */
  values_json: string | null;
  /** The cells, when the row has to be mended. */
  cells_json: string | null;
  findings_json: string;
  application: string | null;
  /** When the application was made: changed since, when its own instant is another. */
  made_at_us: number | null;
}
