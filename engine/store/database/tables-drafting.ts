/** Tables of drafting: attachments, events, sameness (`steps/drafting.ts`). */

export interface AttachmentsTable {
  /** ULID; also the name of its file. */
  id: string;
  application: string;
  /** The document it is, by the kinds of the form's definition. */
  kind: string;
  /** Cleaned, with the extension of its type. */
  name: string;
  type: string;
  bytes: number;
  /** Of the file, hexadecimal, as `sha256sum` prints it. */
  sha256: string;
  /** Who added it. */
  account: string;
  added_at_us: number;
  /** Taken away then; 0: together with its application. Null while it is attached. */
  removed_at_us: number | null;
}

/** The attachments that a version names in its canonical form. */
export interface VersionAttachmentsTable {
  digest: string;
  attachment: string;
}

/** What the application's own row does not say: who did what when, and what became of it. */
export interface ApplicationEventsTable {
  id: string;
  application: string;
  kind: string;
  at_us: number;
  /** Who did it; null: the system. */
  account: string | null;
  detail_json: string;
}

/** Digests of who an application concerns: two that share one concern the same. */
export interface ApplicationSamenessTable {
  application: string;
  key: string;
}

export interface DraftingTables {
  attachments: AttachmentsTable;
  version_attachments: VersionAttachmentsTable;
  application_events: ApplicationEventsTable;
  application_sameness: ApplicationSamenessTable;
}
