/** The tables of organisations, and what they add to accounts and applications. */

export interface OrganisationsTable {
  id: string;
  name: string;
  /** association, patronato, consultant, company, public-office. */
  kind: string;
  /** Codice fiscale or partita IVA, checked formally. */
  tax_code: string;
  created_at_us: number;
}

/** Somebody's wish for an organisation, or an organisation's for more accounts. */
export interface OrganisationRequestsTable {
  id: string;
  /** organisation, accounts. */
  kind: string;
  /** Null while there is none yet. */
  organisation: string | null;
  requested_by: string | null;
  /** What is wanted: `FoundingWish` or `AccountsWish` of the portal's room. */
  wish_json: string;
  note: string;
  /** waiting, granted, refused. */
  status: string;
  /** Why it was refused. */
  reason: string | null;
  decided_by: string | null;
  created_at_us: number;
  decided_at_us: number | null;
}

/** An account that is there already and is asked to join. */
export interface OrganisationInvitationsTable {
  id: string;
  organisation: string;
  account: string;
  role: string;
  /** As the administrator who asked wrote them, not as the account has them. */
  given_name: string;
  family_name: string;
  created_at_us: number;
  sent_at_us: number;
  expires_at_us: number;
}

/** What an account is in its organisation; all null for a private person and for staff. */
export interface MembershipColumns {
  organisation: string | null;
  /** administrator, sender, preparer, reader; null exactly when `organisation` is. */
  member_role: string | null;
  /** Since when it may not log in; null while it may. */
  deactivated_at_us: number | null;
}
