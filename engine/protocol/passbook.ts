/**
 * The passbook: what an account may submit, signed by the portal (protocol §2).
 *
 * Holding it is enough: a gate checks one signature a connection and asks nobody. It therefore
 * carries all that the ledger's entry will say of an application, and nothing personal.
 */
import { type Static, Type } from '@sinclair/typebox';

export const PASSBOOK_TYP = 'clickday-passbook+jwt';
export const PASSBOOK_APPLICATIONS_MAX = 500;

/** One application that is ready to be submitted. `digest`: sha-256 of its canonical form. */
export const PassbookLine = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  clickDay: Type.String({ minLength: 1, maxLength: 64 }),
  model: Type.String({ minLength: 1, maxLength: 32 }),
  office: Type.String({ minLength: 1, maxLength: 32 }),
  digest: Type.String({ minLength: 43, maxLength: 43, pattern: '^[A-Za-z0-9_-]{43}$' }),
});
export type PassbookLine = Readonly<Static<typeof PassbookLine>>;

/** Claims of a passbook; `iat` and `exp` are NumericDates (RFC 7519): seconds. */
export const PassbookClaims = Type.Object({
  sub: Type.String({ minLength: 1, maxLength: 64, description: 'account id' }),
  org: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  iat: Type.Number(),
  exp: Type.Number(),
  jti: Type.String({ minLength: 1, maxLength: 64 }),
  applications: Type.Array(PassbookLine, { maxItems: PASSBOOK_APPLICATIONS_MAX }),
});
export type PassbookClaims = Static<typeof PassbookClaims>;
