/**
 * The OpenID provider, over `openid-client`: authorization code with PKCE (RFC 7636), state and
 * nonce; issuer, signature, audience, expiry and nonce of the ID token are checked by the library.
 *
 * What it promises: each call ends within 10 s in an identity, an address or a refusal that says
 * whose turn it is – OPENID_UNAVAILABLE (the provider's), OPENID_REFUSED (the person's),
 * OPENID_INVALID (nobody's: begin again). A provider that is down is asked again after 5 s, not by
 * everybody who comes. No code, token or secret is logged.
 *
 * The library compares an ID token's times with this machine's date, 30 s of grace; the portal's
 * disciplined clock plays no part.
 */
import * as oidc from 'openid-client';
import type { OpenIdProfile } from '#protocol/openid-api.ts';
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { Log } from '../../foundation/log.ts';
import { Refusal } from '../http/refusal.ts';
import type { OpenIdConfig, PortalLimits } from '../settings.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { profileOf } from './claims.ts';
import { refusalOf } from './provider-failures.ts';

/** What an attempt has to find again in the provider's answer. */
export interface AttemptChecks {
  readonly state: string;
  readonly nonce: string;
  /** PKCE code verifier, 43 characters. */
  readonly verifier: string;
}

export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly profile: OpenIdProfile;
  readonly idToken: string;
}

export interface Provider {
  /** Where the browser goes to log in. */
  authorizationUrl(checks: AttemptChecks): Promise<string>;
  /** Exchanges what the browser came back with; `query` as it stood in the address. */
  identify(query: string, checks: AttemptChecks): Promise<Identity>;
  /** Where the browser goes to leave the provider as well; null when it has no such place. */
  leavingUrl(idToken: string | null): Promise<string | null>;
}

interface Parts {
  readonly openId: OpenIdConfig;
  readonly clock: { nowUs(): number };
  readonly log: Log;
  readonly publicUrl: () => string;
  readonly limits: Pick<PortalLimits, 'openIdAnswerMsMax'>;
}

/** The page that the provider sends the browser back to; to be registered with it. */
export const RETURN_PATH = '/openid/return';

const MS_A_SECOND = 1000;
const ANSWER_BYTES_MAX = 512 * 1024;
const SUBJECT_LENGTH_MAX = 255;
const DISCOVERED_FOR_US = 3_600_000_000;
const RETRY_US = 5_000_000;

/** Nothing is asked before the first person wants to log in. */
export function createProvider(parts: Parts): Provider {
  const { openId, log, publicUrl } = parts;
  const discover = discovery(parts);
  const returnUrl = () => publicUrl() + RETURN_PATH;
  const answered = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw refusalOf(error, log);
    }
  };
  return {
    authorizationUrl: async ({ state, nonce, verifier }) => {
      const url = oidc.buildAuthorizationUrl(await discover(), {
        redirect_uri: returnUrl(),
        scope: openId.scopes,
        code_challenge: sha256Base64Url(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return url.href;
    },
    identify: async (query, checks) => {
      const provider = await discover();
      const returned = new URL(returnUrl());
      returned.search = query;
      return answered(() => exchange(provider, returned, checks));
    },
    leavingUrl: async (idToken) => {
      const provider = await discover();
      if (provider.serverMetadata().end_session_endpoint === undefined) return null;
      const back = { post_logout_redirect_uri: `${publicUrl()}/` };
      const hint = idToken === null ? {} : { id_token_hint: idToken };
      return oidc.buildEndSessionUrl(provider, { ...back, ...hint }).href;
    },
  };
}

async function exchange(
  provider: oidc.Configuration,
  returned: URL,
  { state, nonce, verifier }: AttemptChecks,
): Promise<Identity> {
  const tokens = await oidc.authorizationCodeGrant(provider, returned, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  const idToken = tokens.id_token;
  if (!claims || !idToken || claims.sub.length > SUBJECT_LENGTH_MAX) {
    throw new Refusal('OPENID_INVALID');
  }
  const hasMore = provider.serverMetadata().userinfo_endpoint !== undefined;
  const more = hasMore ? await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub) : {};
  const profile = profileOf({ ...claims, ...more });
  return { issuer: claims.iss, subject: claims.sub, profile, idToken };
}

/** One question at a time for all; an answer serves for an hour, a failure for 5 s. */
function discovery(parts: Parts): () => Promise<oidc.Configuration> {
  const { clock, log } = parts;
  let known: oidc.Configuration | undefined;
  let askAgainAtUs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const ask = async () => {
    try {
      known = await discovered(parts);
      askAgainAtUs = clock.nowUs() + DISCOVERED_FOR_US;
    } catch (error) {
      refusalOf(error, log);
      askAgainAtUs = clock.nowUs() + RETRY_US;
    } finally {
      asking = undefined;
    }
  };
  return async () => {
    if (clock.nowUs() >= askAgainAtUs) {
      asking ??= ask();
      await asking;
    }
    if (known === undefined) throw new Refusal('OPENID_UNAVAILABLE', { retryAfterMs: 5000 });
    return known;
  };
}

async function discovered({ openId, limits }: Parts): Promise<oidc.Configuration> {
  const issuer = new URL(openId.issuer);
  // The library trusts TLS for the ID token unless told to check its signature as well.
  const execute = [oidc.enableNonRepudiationChecks];
  if (issuer.protocol === 'http:') execute.push(oidc.allowInsecureRequests);
  const options = {
    execute,
    timeout: limits.openIdAnswerMsMax / MS_A_SECOND,
    [oidc.customFetch]: boundedFetch(ANSWER_BYTES_MAX),
  };
  const { clientId, clientSecret } = openId;
  return oidc.discovery(issuer, clientId, undefined, clientAuth(clientSecret), options);
}

/** Basic unless the provider says that it does not take it (OpenID Connect Core §9). */
function clientAuth(secret: string | undefined): oidc.ClientAuth {
  if (secret === undefined) return oidc.None();
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported;
    const takesBasic = methods === undefined || methods.includes('client_secret_basic');
    const method = takesBasic ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret);
    return method(server, ...rest);
  };
}
