/** The tables of OpenID log-in as types; their text is in `steps/openid.ts`. */

/** One person at one provider is one account; an account has one person at a provider. */
export interface OpenIdIdentitiesTable {
  issuer: string;
  /** The provider's name for the person: never shown, never reused by it. */
  subject: string;
  account: string;
  linked_at_us: number;
  last_used_at_us: number | null;
}

/** A session that a provider vouched for; gone with the session. */
export interface OpenIdSessionsTable {
  token_hash: string;
  /** Names the session to the provider when the person leaves; null: it was too long to keep. */
  id_token: string | null;
}
