/**
 * The papers of a simulated portal: passbooks and the calendar, signed with a key that is the same
 * in every run, since a signature's bytes are part of what is replayed. The key protects nothing.
 */
import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import type { NoticeFiles, NoticePaths } from '#engine/calendar/index.ts';
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import { publicJwk, type SigningKey, signCompact, signingKeyFrom } from '#engine/foundation/jws.ts';
import { CALENDAR_TYP, type ClickDay } from '#protocol/calendar.ts';
import { PASSBOOK_TYP } from '#protocol/passbook.ts';

export interface Papers {
  passbook(account: string, applications: readonly string[]): string;
  /** Lays the calendar where every gate looks for it. */
  lay(days: readonly ClickDay[]): void;
  /** The files as a gate sees them. */
  filesOf(gate: string): { readonly files: NoticeFiles; readonly paths: NoticePaths };
}

export const DAY = '2027-03-18';
const OFFICES = ['RM', 'MI', 'NA', 'TO'];
const EXPIRES_S = Date.UTC(2028, 0, 1) / 1000;
/** PKCS #8 (RFC 8410) around the 32 bytes of an Ed25519 key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const PATHS = { calendar: 'calendar.jws', portalKey: 'portal-key.json' };

export function createPapers(): Papers {
  const key = keyOf('the same in every run');
  const keys = { keys: [publicJwk(key)] };
  const texts = new Map([[PATHS.portalKey, JSON.stringify(keys)]]);
  let issued = 0;
  const files: NoticeFiles = {
    text: (path) => texts.get(path),
    version: (path) => (texts.has(path) ? `${path === PATHS.calendar ? issued : 0}` : ''),
    keep: (path, text) => void texts.set(path, text),
  };
  return {
    passbook: (account, applications) => {
      const lines = applications.map(lineOf);
      const claims = { sub: account, iat: 1, exp: EXPIRES_S, jti: account, applications: lines };
      return signCompact({ key, typ: PASSBOOK_TYP, claims });
    },
    lay: (clickDays) => {
      issued += 1;
      const claims = { iat: issued, clickDays, keys };
      texts.set(PATHS.calendar, signCompact({ key, typ: CALENDAR_TYP, claims }));
    },
    filesOf: (gate) => ({ files, paths: { ...PATHS, kept: `${gate}/calendar.jws` } }),
  };
}

function lineOf(id: string) {
  const digest = sha256Base64Url(id);
  const office = OFFICES[id.length % OFFICES.length] as string;
  return { id, clickDay: DAY, model: 'A', office, digest };
}

function keyOf(seed: string): SigningKey {
  const bytes = Buffer.from(seed.padEnd(32).slice(0, 32));
  const der = Buffer.concat([PKCS8, bytes]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return signingKeyFrom(key.export({ format: 'jwk' }) as JsonWebKey);
}
