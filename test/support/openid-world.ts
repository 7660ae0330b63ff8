/** A portal with a provider, and people who come through it. */
import { pino } from 'pino';
import type { OpenIdOutcome } from '#protocol/openid-api.ts';
import type { Problem } from '#protocol/portal-api.ts';
import { applicant, openWorld, registrationOf, type World } from '#test/contract/portal-world.ts';
import { type OpenIdBrowser, openIdBrowser } from '#test/support/openid-browser.ts';
import { type OpenIdStage, openOpenIdStage, type Person } from '#test/support/openid-provider.ts';

export const PORTAL = 'http://portal.example';
export const SPID = 'https://attributes.eid.gov.it/fiscal_number';
/** The form of a newcomer, filled in rightly. */
export const filled = { ...registrationOf(''), email: undefined };

export interface OpenIdWorld {
  readonly world: World;
  readonly stage: OpenIdStage;
  /** Everything that was logged. */
  readonly logged: readonly string[];
  browser(): OpenIdBrowser;
  /** Logs in for the first time and registers with what the provider gave. */
  registered(name: string): Promise<OpenIdBrowser>;
  /** Registers with a password; a browser with the session's cookie. */
  withPassword(email: string): Promise<OpenIdBrowser>;
  close(): Promise<void>;
}

export async function openIdWorld(): Promise<OpenIdWorld> {
  const stage = await openOpenIdStage();
  stage.register(PORTAL);
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => void logged.push(line) });
  const world = await openWorld({ publicUrl: PORTAL, openId: stage.config, log });
  const browser = () => openIdBrowser(world.address, PORTAL);
  return {
    ...{ world, stage, logged, browser },
    registered: async (name) => {
      stage.person = person(name);
      const by = browser();
      await by.logIn();
      const made = await by.call<OpenIdOutcome>('POST', '/api/openid/accounts', filled);
      if (made.body.status !== 'logged-in') throw new Error(`not registered: ${made.status}`);
      return by;
    },
    withPassword: async (email) => {
      await applicant(world, email);
      const by = browser();
      const credentials = { email, password: 'la mia parola segreta' };
      await by.call('POST', '/api/session', credentials);
      return by;
    },
    close: async () => {
      await world.close();
      stage.close();
    },
  };
}

/** Somebody at the provider, with a verified address and a codice fiscale. */
export function person(name: string, more: object = {}): Person {
  return {
    sub: `spid-${name}`,
    email: `${name}@Example.it`,
    email_verified: true,
    given_name: 'Maria',
    family_name: 'Rossi',
    [SPID]: 'TINIT-RSSMRA85T50A562W',
    ...more,
  };
}

/** Hands on what the provider sent the browser back with. */
export function back(by: OpenIdBrowser, query: string) {
  return by.call<Problem>('POST', '/api/openid/return', { query });
}

export function codeOf({ status, body }: { status: number; body: Problem }) {
  return [status, body.code];
}
