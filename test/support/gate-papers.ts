/** What a portal signs for a gate: passbooks for its clients, and the calendar on its disk. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NoticePaths } from '#engine/calendar/index.ts';
import {
  generateSigningKey,
  publicJwk,
  type SigningKey,
  signCompact,
} from '#engine/foundation/jws.ts';
import { CALENDAR_TYP, type ClickDay } from '#protocol/calendar.ts';
import { PASSBOOK_TYP } from '#protocol/passbook.ts';
import { isoFromUs } from '#protocol/time.ts';
import { entryOf, OPENING_US } from '#test/support/register-entries.ts';

export const DAY = '2011-01-31';
export const SECOND_US = 1_000_000;
export const CLOSING_US = OPENING_US + 3600 * SECOND_US;
const EXPIRY_US = CLOSING_US + 86_400 * SECOND_US;

/** The click day of the tests, changed as asked. */
export function clickDay(change: Partial<ClickDay> = {}): ClickDay {
  return { id: DAY, opensAt: isoFromUs(OPENING_US), closesAt: isoFromUs(CLOSING_US), ...change };
}

export interface PassbookOrder {
  readonly account?: string;
  readonly applications: readonly string[];
  readonly clickDay?: string;
  readonly expiresAtUs?: number;
  /** Whose signature; the portal's when left out. */
  readonly key?: SigningKey;
}

export interface Papers {
  readonly paths: NoticePaths;
  /** The portal's public key as a JWK. */
  readonly jwk: ReturnType<typeof publicJwk>;
  passbook(order: PassbookOrder): string;
  /** @param rehearsals windows to practise in */
  calendar(days: readonly ClickDay[], key?: SigningKey, rehearsals?: readonly ClickDay[]): string;
  /** Lays a text where the gate looks for its calendar, in one step. */
  lay(text: string): void;
}

/** A portal's papers for a gate that looks for them in `folder`. */
export function createPapers(folder: string): Papers {
  const portal = generateSigningKey();
  mkdirSync(folder, { recursive: true });
  const paths = {
    calendar: join(folder, 'calendar.jws'),
    portalKey: join(folder, 'portal-key.json'),
    kept: join(folder, 'kept.jws'),
  };
  const jwk = publicJwk(portal);
  const keys = { keys: [jwk] };
  writeFileSync(paths.portalKey, JSON.stringify(keys));
  let issued = 0;
  return {
    paths,
    jwk,
    passbook: ({ key = portal, ...order }) =>
      signCompact({ key, typ: PASSBOOK_TYP, claims: passbookClaims(order) }),
    calendar: (clickDays, key = portal, rehearsals = undefined) => {
      issued += 1;
      const claims = { iat: issued, clickDays, ...(rehearsals && { rehearsals }), keys };
      return signCompact({ key, typ: CALENDAR_TYP, claims });
    },
    lay: (text) => {
      writeFileSync(`${paths.calendar}.new`, text);
      renameSync(`${paths.calendar}.new`, paths.calendar);
    },
  };
}

function passbookClaims(order: Omit<PassbookOrder, 'key'>) {
  const { digest, model, office } = entryOf('g1', 1);
  return {
    sub: order.account ?? 'account-1',
    iat: 1,
    exp: (order.expiresAtUs ?? EXPIRY_US) / SECOND_US,
    jti: 'test',
    applications: order.applications.map((id) => ({
      ...{ id, digest, model, office },
      clickDay: order.clickDay ?? DAY,
    })),
  };
}
