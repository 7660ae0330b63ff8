/**
 * Logging in through an OpenID provider, in types. The portal never shows a provider's subject,
 * token or secret; what a page gets is where to go next and what is still missing.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Account, Instant, Registration, Texts } from './portal-api.ts';

/** A path of the portal's own pages, where the person wanted to go. */
const OwnPath = Type.String({ pattern: '^/(?![/\\\\])', maxLength: 200 });

/** Null: this portal offers none. */
export const OpenIdOffer = Type.Object({
  label: Type.Union([Texts, Type.Null()]),
});
export type OpenIdOffer = Static<typeof OpenIdOffer>;

/** `link`: to the account of the present session. */
export const OpenIdBeginning = Type.Object({
  intent: Type.Unsafe<'log-in' | 'link'>({ type: 'string', enum: ['log-in', 'link'] }),
  next: Type.Optional(OwnPath),
});
export type OpenIdBeginning = Static<typeof OpenIdBeginning>;

/** Where the browser goes: to the provider, or to leave it. */
export const OpenIdUrl = Type.Object({ url: Type.String() });
export const OpenIdLeaving = Type.Object({ url: Type.Union([Type.String(), Type.Null()]) });

/** The query with which the provider sent the browser back, as it is in the address. */
export const OpenIdReturn = Type.Object({ query: Type.String({ minLength: 1, maxLength: 8192 }) });

/** What the provider says of a person; empty where it says nothing. */
export const OpenIdProfile = Type.Object({
  email: Type.String(),
  givenName: Type.String(),
  familyName: Type.String(),
  codiceFiscale: Type.String(),
});
export type OpenIdProfile = Static<typeof OpenIdProfile>;

/**
 * What is next. `logged-in` and `linked`: done, on to `next`. `account-needed`: nobody is known
 * here, the profile may be registered. `log-in-needed`: the address has a profile, whose password
 * (or session) is needed to link.
 */
export const OpenIdOutcome = Type.Object({
  status: Type.Unsafe<'logged-in' | 'linked' | 'account-needed' | 'log-in-needed'>({
    type: 'string',
    enum: ['logged-in', 'linked', 'account-needed', 'log-in-needed'],
  }),
  next: Type.Union([Type.String(), Type.Null()]),
  account: Type.Optional(Account),
  profile: Type.Optional(OpenIdProfile),
});
export type OpenIdOutcome = Static<typeof OpenIdOutcome>;

/** What the person adds or confirms; what the provider vouched for is taken from it instead. */
export const OpenIdRegistration = Type.Omit(Registration, ['email']);
export type OpenIdRegistration = Static<typeof OpenIdRegistration>;

/** The profile's side: what is linked, and whether it can be undone. */
export const OpenIdLink = Type.Object({
  label: Type.Union([Texts, Type.Null()]),
  linkedAt: Type.Union([Instant, Type.Null()]),
  lastUsedAt: Type.Union([Instant, Type.Null()]),
  hasPassword: Type.Boolean(),
});
export type OpenIdLink = Static<typeof OpenIdLink>;
