/**
 * The tables of the portal's database as types. A column named `…_us` is an instant: integer
 * microseconds since the Unix epoch. `…_json` is JSON text. Booleans are 0 or 1, as SQLite has it.
 * The text that makes the tables is in `steps/`, in the order of `migrations.ts`.
 */
import type { AccountRoomTables } from './tables-accounts.ts';
import type { DraftingTables } from './tables-drafting.ts';
import type { HelpdeskTables } from './tables-helpdesk.ts';
import type { HelpdeskToolsTables } from './tables-helpdesk-tools.ts';
import type { ImportPiecesTable, ImportRowsTable, ImportsTable } from './tables-imports.ts';
import type { MailTables } from './tables-mail.ts';
import type { OpenIdIdentitiesTable, OpenIdSessionsTable } from './tables-openid.ts';
import type {
  MembershipColumns,
  OrganisationInvitationsTable,
  OrganisationRequestsTable,
  OrganisationsTable,
} from './tables-organisations.ts';
import type { RehearsalWindowsTable } from './tables-rehearsals.ts';
import type { SearchTables } from './tables-search.ts';
import type { NoticesTable } from './tables-ui.ts';

export type * from './tables-accounts.ts';
export type * from './tables-drafting.ts';
export type * from './tables-helpdesk.ts';
export type * from './tables-imports.ts';
export type * from './tables-mail.ts';
export type * from './tables-organisations.ts';
export type * from './tables-search.ts';

export interface AccountsTable extends MembershipColumns {
  id: string;
  /** Lower case, as it is compared. */
  email: string;
  given_name: string;
  family_name: string;
  codice_fiscale: string | null;
  role: string;
  office: string | null;
  language: string;
  /** argon2id in PHC form; null until a password was set. */
  password_hash: string | null;
  must_change_password: number;
  /** How many applications it may hold; null: no bound (bodies, fixtures, staff). */
  applications_max: number | null;
  confirmed_at_us: number | null;
  created_at_us: number;
}

export interface SessionsTable {
  /** SHA-256 of the token, base64url; the token itself is nowhere. */
  token_hash: string;
  account: string;
  kind: string;
  created_at_us: number;
  expires_at_us: number;
}

export interface TokensTable {
  token_hash: string;
  account: string;
  purpose: string;
  expires_at_us: number;
}

export interface ClickDaysTable {
  id: string;
  name_it: string;
  name_en: string;
  opens_at_us: number;
  closes_at_us: number;
  suspended: number;
  rules_json: string;
  updated_at_us: number;
}

export interface ApplicationsTable {
  id: string;
  /** Who began it. */
  account: string;
  /** Whose it is; null for a private person's own. */
  organisation: string | null;
  model: string;
  model_version: number;
  status: string;
  title: string;
  click_day: string | null;
  office: string | null;
  office_criterion: string | null;
  /** The version that is ready or was submitted; null for a draft. */
  digest: string | null;
  created_at_us: number;
  updated_at_us: number;
  ready_at_us: number | null;
  protocol: string | null;
  gate: string | null;
  seq: number | null;
  stamp_us: number | null;
  uncertainty_us: number | null;
  place: number | null;
  receipt_at_us: number | null;
}

/**
 * What an application was each time it was made ready. Kept although the application goes back to
 * draft: a passbook that names this digest may still be in somebody's hand on the click day.
 */
export interface VersionsTable {
  digest: string;
  application: string;
  click_day: string;
  office: string;
  office_criterion: string;
  title: string;
  /** Random 128 bits, a member of the canonical form. */
  salt: string;
  /** RFC 8785 text whose SHA-256 is the digest. */
  canonical: string;
  made_at_us: number;
  /** 1 once a passbook with it was handed out. */
  issued: number;
}

export interface PagesTable {
  application: string;
  number: number;
  values_json: string;
  complete: number;
  version: number;
  saved_at_us: number;
}

export interface MailsTable {
  id: string;
  recipient: string;
  subject: string;
  text: string;
  status: string;
  attempts: number;
  next_attempt_us: number;
  created_at_us: number;
  sent_at_us: number | null;
  error: string | null;
}

export interface AuditTable {
  id: string;
  at_us: number;
  account: string | null;
  action: string;
  subject: string;
  detail_json: string;
}

export interface SettingsTable {
  key: string;
  value: string;
}

interface RoomTables extends AccountRoomTables, DraftingTables, SearchTables {}
interface DeskTables extends HelpdeskTables, HelpdeskToolsTables {}

export interface Tables extends RoomTables, DeskTables, MailTables {
  organisations: OrganisationsTable;
  organisation_requests: OrganisationRequestsTable;
  organisation_invitations: OrganisationInvitationsTable;
  accounts: AccountsTable;
  sessions: SessionsTable;
  tokens: TokensTable;
  click_days: ClickDaysTable;
  applications: ApplicationsTable;
  versions: VersionsTable;
  pages: PagesTable;
  mails: MailsTable;
  audit: AuditTable;
  settings: SettingsTable;
  imports: ImportsTable;
  import_pieces: ImportPiecesTable;
  import_rows: ImportRowsTable;
  openid_identities: OpenIdIdentitiesTable;
  rehearsal_windows: RehearsalWindowsTable;
  openid_sessions: OpenIdSessionsTable;
  notices: NoticesTable;
}
