/**
 * What a gate knows beforehand: the calendar and the portal's public keys, as one signed document
 * that the portal laid on this disk. On the click day the gate needs nobody.
 *
 * The first key is trusted because of where it lies (`notice/portal-key.json`, written by the
 * portal of this machine); from then on only what that key signed counts. The last good document is
 * kept in the gate's own folder and used when the new one is missing or does not verify.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { Cancel, Timers } from '#engine/clock/index.ts';
import { type VerifyingKey, verifyCompact, verifyingKeyFrom } from '#engine/foundation/jws.ts';
import type { Log } from '#engine/foundation/log.ts';
import { CALENDAR_TYP, CalendarClaims, type ClickDay } from '#protocol/calendar.ts';
import { usFromIso } from '#protocol/time.ts';

/** A click day as the engine uses it; instants in µs, `opensAtUs` inclusive. */
export interface ClickDayWindow {
  readonly id: string;
  readonly opensAtUs: number;
  readonly closesAtUs: number;
  readonly suspended: boolean;
}

export interface Notice {
  readonly clickDays: readonly ClickDay[];
  readonly windows: readonly ClickDayWindow[];
  readonly keys: readonly VerifyingKey[];
}

export interface NoticePaths {
  readonly calendar: string;
  readonly portalKey: string;
  /** Where this gate keeps its last good copy. */
  readonly kept: string;
}

const LOOK_EVERY_MS = 200;
const checkClaims = TypeCompiler.Compile(CalendarClaims);

/** The notice of a gate that has none yet: nothing can be submitted. */
export const EMPTY_NOTICE: Notice = { clickDays: [], windows: [], keys: [] };

/** Reads the notice now and calls `onChange` with each one that verifies. */
export function followNotice(options: {
  paths: NoticePaths;
  timers: Timers;
  log: Log;
  onChange: (notice: Notice) => void;
}): Cancel {
  const { paths, timers, log, onChange } = options;
  let seen = '';
  let current = '';
  const look = () => {
    const version = `${versionOf(paths.calendar)} ${versionOf(paths.portalKey)}`;
    if (version === seen) return;
    seen = version;
    const text = textOf(paths.calendar);
    const notice = text === undefined ? undefined : verified(text, trustedKeys(paths.portalKey));
    if (text === undefined || notice === undefined) {
      if (text !== undefined)
        log.error('the calendar on disk does not verify; the last good stays');
      return;
    }
    if (text === current) return;
    current = text;
    keep(paths.kept, text, log);
    onChange(notice);
  };
  look();
  if (current === '') {
    const kept = textOf(paths.kept);
    const notice = kept === undefined ? undefined : verified(kept, trustedKeys(paths.portalKey));
    if (notice !== undefined) onChange(notice);
  }
  return timers.every(LOOK_EVERY_MS, look);
}

/** The notice as it lies on disk; undefined when there is none or it does not verify. */
export function readNotice(paths: Pick<NoticePaths, 'calendar' | 'portalKey'>): Notice | undefined {
  const text = textOf(paths.calendar);
  return text === undefined ? undefined : verified(text, trustedKeys(paths.portalKey));
}

function verified(token: string, trusted: readonly VerifyingKey[]): Notice | undefined {
  const claims = verifyCompact({ token: token.trim(), typ: CALENDAR_TYP, keys: trusted });
  if (!checkClaims.Check(claims)) return undefined;
  const windows = claims.clickDays.map(windowOf);
  if (windows.some((day) => !(day.opensAtUs < day.closesAtUs))) return undefined;
  return { clickDays: claims.clickDays, windows, keys: claims.keys.keys.map(verifyingKeyFrom) };
}

function windowOf(day: ClickDay): ClickDayWindow {
  return {
    id: day.id,
    opensAtUs: usFromIso(day.opensAt),
    closesAtUs: usFromIso(day.closesAt),
    suspended: day.suspended === true,
  };
}

/** None when the file is missing or is no key set: nothing verifies, and the last good stays. */
function trustedKeys(path: string): VerifyingKey[] {
  const text = textOf(path);
  if (text === undefined) return [];
  try {
    return (JSON.parse(text) as CalendarClaims['keys']).keys.map(verifyingKeyFrom);
  } catch {
    return [];
  }
}

/** On a disk without room the gate goes on with what it has read. */
function keep(path: string, text: string, log: Log): void {
  try {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (error) {
    log.error({ error }, 'the calendar could not be kept');
  }
}

function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs}/${stat.size}/${stat.ino}`;
}

function textOf(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  return readFileSync(path, 'utf8');
}
