/**
 * What the portal lays on disk for the gates: the signed calendar and the public key. A gate reads
 * them there and needs the portal no more; each file is replaced whole (write, sync, rename), so a
 * reader never sees half of one.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { CALENDAR_TYP, type CalendarClaims, type ClickDay } from '#protocol/calendar.ts';
import { publicJwk, type SigningKey, signCompact } from '../../foundation/jws.ts';
import { type ClickDayFacts, clickDayOnWire } from './store.ts';

/** Where the two files go. */
export interface NoticePaths {
  readonly calendarNotice: string;
  readonly keyNotice: string;
}

/** The JWKS of the portal: `GET /api/keys`. */
export function keySetOf(key: SigningKey) {
  return { keys: [publicJwk(key)] };
}

/** The calendar as a JWS. `iatUs` must rise from one to the next: gates keep the highest. */
export function signCalendar(options: {
  readonly key: SigningKey;
  readonly clickDays: readonly ClickDayFacts[];
  /** Windows to practise in. */
  readonly rehearsals: readonly ClickDay[];
  readonly iatUs: number;
}): string {
  const claims: CalendarClaims = {
    iat: options.iatUs / 1_000_000,
    clickDays: options.clickDays.map(clickDayOnWire),
    ...(options.rehearsals.length > 0 ? { rehearsals: [...options.rehearsals] } : {}),
    keys: { keys: [publicJwk(options.key)] },
  };
  return signCompact({ key: options.key, typ: CALENDAR_TYP, claims });
}

/** Lays both files on disk. */
export function publishNotice(paths: NoticePaths, key: SigningKey, calendar: string): void {
  replaceFile(paths.keyNotice, `${JSON.stringify(keySetOf(key), null, 2)}\n`);
  replaceFile(paths.calendarNotice, calendar);
}

function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.part`;
  const file = openSync(draft, 'w', 0o644);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
}
