/**
 * A real OpenID provider (npm's oidc-provider) on loopback. Who logs in is set by the test: the
 * provider's own pages ask nothing, they only send the browser on. It can be told to fall silent,
 * to answer with 500 and to publish another key than it signs with.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { OpenIdConfig } from '#engine/portal/index.ts';

/** A person at the provider: `sub`, and the claims of scopes email and profile. */
export type Person = Readonly<Record<string, unknown>> & { readonly sub: string };

export interface OpenIdStage {
  readonly issuer: string;
  readonly config: OpenIdConfig;
  /** Who logs in next; null: they press "cancel". */
  person: Person | null;
  /** `down`: connections are cut; `broken`: 500 to everything; `foreign-key`: another JWKS. */
  state: 'well' | 'down' | 'broken' | 'foreign-key';
  /** Paths asked for, in order. */
  readonly requests: string[];
  /** Registers the portal that people are sent back to; before anybody logs in. */
  register(portalUrl: string): void;
  close(): void;
}

const CLIENT = { id: 'clickday-test', secret: 'a secret that nobody may read in a log' };
const CLAIMS = {
  openid: ['sub'],
  email: ['email', 'email_verified'],
  profile: ['given_name', 'family_name', 'https://attributes.eid.gov.it/fiscal_number'],
};

export async function openOpenIdStage(): Promise<OpenIdStage> {
  let provider: Provider | undefined;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people = new Map<string, Person>();
  const label = { it: 'Entra con SPID di prova', en: 'Log in with test SPID' };
  const scopes = 'openid email profile';
  const stage: OpenIdStage = {
    issuer,
    config: { issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, scopes, label },
    person: null,
    state: 'well',
    requests: [],
    register: (portalUrl) => {
      provider = new Provider(issuer, configuration(portalUrl, people));
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    stage.requests.push(path.split('?')[0] ?? '');
    if (stage.state === 'down') return void request.destroy();
    if (stage.state === 'broken' || !provider) return void response.writeHead(500).end('{}');
    if (stage.state === 'foreign-key' && path === '/jwks') {
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ keys: [publicPart(newKey())] }));
    }
    if (path.startsWith('/interaction/')) return decide(provider, request, response);
    await provider.callback()(request, response);
  }

  async function decide(at: Provider, request: IncomingMessage, response: ServerResponse) {
    const { person } = stage;
    if (person) people.set(person.sub, person);
    const result = person
      ? { login: { accountId: person.sub, remember: false } }
      : { error: 'access_denied', error_description: 'the person pressed cancel' };
    await at.interactionFinished(request, response, result);
  }

  return stage;
}

function configuration(portalUrl: string, people: ReadonlyMap<string, Person>): object {
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${portalUrl}/openid/return`],
        post_logout_redirect_uris: [`${portalUrl}/`],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [newKey()] },
    cookies: { keys: ['only for tests'] },
    claims: CLAIMS,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource },
    },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => people.get(sub) }),
    loadExistingGrant: grantAll,
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  };
}

/** Nobody is asked for consent: the portal is the provider's own customer. */
async function grantAll({ oidc }: { oidc: Oidc }): Promise<object> {
  const { clientId } = oidc.client;
  const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope('openid email profile');
  await grant.save();
  return grant;
}

interface Oidc {
  readonly client: { readonly clientId: string };
  readonly session: { readonly accountId: string };
  readonly provider: {
    readonly Grant: new (
      facts: object,
    ) => { addOIDCScope(scope: string): void; save(): Promise<string> };
  };
}

/** The provider's page that asks whether to leave it as well, without foreign fonts. */
async function logoutSource(context: { body: string }, form: string): Promise<void> {
  context.body = `<!doctype html><html lang="it"><title>Uscita</title><body>${form}
<button type="submit" form="op.logoutForm" value="yes" name="logout">Esci</button></body></html>`;
}

function newKey(): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'test' };
}

function publicPart({ d: _, ...key }: Record<string, unknown>): Record<string, unknown> {
  return key;
}
