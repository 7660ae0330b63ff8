/** The tables of steps/accounts.ts as types. */

export interface AccountLinksTable {
  token_hash: string;
  /** Null: nobody has the address that was named; the row is there so that both cases do alike. */
  account: string | null;
  purpose: string;
  /** The address to come (`address`) or to come back to (`address-undo`). */
  email: string | null;
  created_at_us: number;
  expires_at_us: number;
}

/** What the owner recognises a session by: words, never the whole user agent. */
export interface SessionFactsTable {
  token_hash: string;
  browser: string;
  system: string;
  seen_at_us: number;
}

export interface SecondFactorsTable {
  account: string;
  /** AES-256-GCM under the key of the data directory, bound to the account; see vault.ts. */
  secret_sealed: string;
  begun_at_us: number;
  /** Null until the first code was right: it is not asked for before. */
  confirmed_at_us: number | null;
  /** The latest 30-second step a code of which was used: none up to it is taken again. */
  last_step: number;
}

/** One row a code that was not used yet. */
export interface RecoveryCodesTable {
  account: string;
  code_hash: string;
}

export interface AccountDeletionsTable {
  account: string;
  asked_at_us: number;
  due_at_us: number;
}

export interface AccountRoomTables {
  account_links: AccountLinksTable;
  session_facts: SessionFactsTable;
  second_factors: SecondFactorsTable;
  recovery_codes: RecoveryCodesTable;
  account_deletions: AccountDeletionsTable;
}
