/**
 * What a portal signs for a gate, made without a portal: many click days in one calendar, and
 * passbooks with any number of lines. So one gate process can open dozens of times in a minute.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSigningKey, publicJwk, signCompact } from '#engine/foundation/jws.ts';
import { CALENDAR_TYP, type ClickDay } from '#protocol/calendar.ts';
import { PASSBOOK_APPLICATIONS_MAX, PASSBOOK_TYP } from '#protocol/passbook.ts';
import { isoFromUs } from '#protocol/time.ts';

/** One application and the click day it belongs to. */
export interface Line {
  readonly id: string;
  readonly clickDay: string;
}

export interface Papers {
  readonly clickDays: readonly ClickDay[];
  /** As many passbooks of one account as its lines need. */
  passbooks(account: string, lines: readonly Line[]): string[];
}

/** Signs in the portal's place. Passbooks may be made before the calendar is known. */
export interface Portal extends Pick<Papers, 'passbooks'> {
  /** Lays calendar and key into the data directory `data`, also beside a running gate. */
  lay(data: string, clickDays: readonly ClickDay[]): void;
}

const DAY_US = 86_400_000_000;
const US_A_SECOND = 1_000_000;

/** A click day that opens at `opensAtUs` and stays open for a day. */
export function dayAt(id: string, opensAtUs: number): ClickDay {
  return { id, opensAt: isoFromUs(opensAtUs), closesAt: isoFromUs(opensAtUs + DAY_US) };
}

/** A portal with a key of its own. Its passbooks are good for a day. */
export function createPortal(): Portal {
  const key = generateSigningKey();
  const keys = { keys: [publicJwk(key)] };
  const issuedAt = Math.floor(Date.now() / 1000);
  const passbook = (account: string, lines: readonly Line[], at: number) =>
    signCompact({
      key,
      typ: PASSBOOK_TYP,
      claims: {
        sub: account,
        iat: issuedAt,
        exp: issuedAt + DAY_US / US_A_SECOND,
        jti: `${account}-${at}`,
        applications: lines.map((line) => ({
          ...line,
          model: 'A',
          office: 'RM',
          digest: 'A'.repeat(43),
        })),
      },
    });
  return {
    lay: (data, clickDays) => {
      mkdirSync(join(data, 'notice'), { recursive: true });
      writeFileSync(join(data, 'notice', 'portal-key.json'), JSON.stringify(keys));
      const claims = { iat: Date.now() / 1000, clickDays, keys };
      const calendar = join(data, 'notice', 'calendar.jws');
      writeFileSync(`${calendar}.new`, signCompact({ key, typ: CALENDAR_TYP, claims }));
      renameSync(`${calendar}.new`, calendar);
    },
    passbooks: (account, lines) =>
      chunks(lines, PASSBOOK_APPLICATIONS_MAX).map((some, at) => passbook(account, some, at)),
  };
}

/** Lays calendar and key of a new portal into the data directory `data`. */
export function layPapers(data: string, clickDays: readonly ClickDay[]): Papers {
  const portal = createPortal();
  portal.lay(data, clickDays);
  return { clickDays, passbooks: portal.passbooks };
}

/** `items` in pieces of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}
