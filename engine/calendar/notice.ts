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
import { isRehearsalDay } from '#protocol/rehearsal.ts';
import { usFromIso } from '#protocol/time.ts';

/** A click day as the engine uses it; instants in µs, `opensAtUs` inclusive. */
export interface ClickDayWindow {
  readonly id: string;
  readonly opensAtUs: number;
  readonly closesAtUs: number;
  readonly suspended: boolean;
}

export interface Notice {
  /** The signed document itself (JWS, compact); empty when there is none. */
  readonly document: string;
  readonly clickDays: readonly ClickDay[];
  readonly windows: readonly ClickDayWindow[];
  /** Rehearsal windows; never among the click days. */
  readonly rehearsals: readonly ClickDay[];
  readonly keys: readonly VerifyingKey[];
}

export interface NoticePaths {
  readonly calendar: string;
  readonly portalKey: string;
  /** Where this gate keeps its last good copy. */
  readonly kept: string;
}

/** How its files are read and kept: on the disk, or in a simulation's memory. */
export interface NoticeFiles {
  /** The whole text; undefined when there is no such file. */
  text(path: string): string | undefined;
  /** Differs from before when the file may have changed; empty when there is none. */
  version(path: string): string;
  /** Replaces the file in one step. */
  keep(path: string, text: string): void;
}

const LOOK_EVERY_MS = 200;
const checkClaims = TypeCompiler.Compile(CalendarClaims);

/** The notice of a gate that has none yet: nothing can be submitted. */
export const EMPTY_NOTICE: Notice = {
  ...{ document: '', clickDays: [], windows: [], rehearsals: [], keys: [] },
};

/** Reads the notice now and calls `onChange` with each one that verifies. */
export function followNotice(options: {
  paths: NoticePaths;
  timers: Timers;
  log: Log;
  onChange: (notice: Notice) => void;
  /** The disk's when left out. */
  files?: NoticeFiles;
}): Cancel {
  const { paths, timers, log, onChange, files = filesOnDisk } = options;
  let seen = '';
  let current = '';
  const look = () => {
    const version = `${files.version(paths.calendar)} ${files.version(paths.portalKey)}`;
    if (version === seen) return;
    seen = version;
    const text = files.text(paths.calendar);
    const notice = text === undefined ? undefined : verified(text, keysIn(paths.portalKey, files));
    if (text === undefined || notice === undefined) {
      if (text !== undefined)
        log.error('the calendar on disk does not verify; the last good stays');
      return;
    }
    if (text === current) return;
    current = text;
    keep(paths.kept, text, { files, log });
    onChange(notice);
  };
  look();
  if (current === '') {
    const kept = files.text(paths.kept);
    const notice = kept === undefined ? undefined : verified(kept, keysIn(paths.portalKey, files));
    if (notice !== undefined) onChange(notice);
  }
  return timers.every(LOOK_EVERY_MS, look);
}

/** The notice as it lies on disk; undefined when there is none or it does not verify. */
export function readNotice(paths: Pick<NoticePaths, 'calendar' | 'portalKey'>): Notice | undefined {
  const text = filesOnDisk.text(paths.calendar);
  return text === undefined ? undefined : verified(text, keysIn(paths.portalKey, filesOnDisk));
}

/** A calendar as a stranger gets it. */
export interface PublishedCalendar {
  /** Seconds since the epoch; of several the latest counts. */
  readonly issuedAt: number;
  readonly clickDays: readonly ClickDay[];
  /** Ids of the keys it names, one of which has signed it. */
  readonly signers: readonly string[];
}

/**
 * Reads a calendar whose signer is not known beforehand: it verifies with a key that it names
 * itself, so it is whole and from one hand; whose hand that is, is for the reader to compare.
 * Undefined when it is none or does not verify.
 */
export function readPublishedCalendar(token: string): PublishedCalendar | undefined {
  const keys = keysNamedIn(token);
  const claims = verifyCompact({ token: token.trim(), typ: CALENDAR_TYP, keys });
  if (!checkClaims.Check(claims)) return undefined;
  const signers = keys.map(({ kid }) => kid);
  return { issuedAt: claims.iat, clickDays: claims.clickDays, signers };
}

function keysNamedIn(token: string): VerifyingKey[] {
  try {
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    return (JSON.parse(claims) as CalendarClaims).keys.keys.map(verifyingKeyFrom);
  } catch {
    return [];
  }
}

function verified(token: string, trusted: readonly VerifyingKey[]): Notice | undefined {
  const document = token.trim();
  const claims = verifyCompact({ token: document, typ: CALENDAR_TYP, keys: trusted });
  if (!checkClaims.Check(claims)) return undefined;
  const windows = claims.clickDays.map(windowOf);
  if (!windows.every(isWindow)) return undefined;
  // One that is wrong is left out: practice never keeps a real day from opening.
  const rehearsals = (claims.rehearsals ?? []).filter(
    (day) => isRehearsalDay(day.id) && isWindow(windowOf(day)),
  );
  const keys = claims.keys.keys.map(verifyingKeyFrom);
  return { document, clickDays: claims.clickDays, windows, rehearsals, keys };
}

function isWindow({ opensAtUs, closesAtUs }: ClickDayWindow): boolean {
  return opensAtUs < closesAtUs;
}

export function windowOf(day: ClickDay): ClickDayWindow {
  return {
    id: day.id,
    opensAtUs: usFromIso(day.opensAt),
    closesAtUs: usFromIso(day.closesAt),
    suspended: day.suspended === true,
  };
}

/** None when the file is missing or is no key set: nothing verifies, and the last good stays. */
function keysIn(path: string, files: NoticeFiles): VerifyingKey[] {
  const text = files.text(path);
  if (text === undefined) return [];
  try {
    return (JSON.parse(text) as CalendarClaims['keys']).keys.map(verifyingKeyFrom);
  } catch {
    return [];
  }
}

/** On a disk without room the gate goes on with what it has read. */
function keep(path: string, text: string, { files, log }: { files: NoticeFiles; log: Log }): void {
  try {
    files.keep(path, text);
  } catch (error) {
    log.error({ error }, 'the calendar could not be kept');
  }
}

const filesOnDisk: NoticeFiles = {
  text: (path) => {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    return readFileSync(path, 'utf8');
  },
  version: (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.mtimeMs}/${stat.size}/${stat.ino}`;
  },
  keep: (path, text) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  },
};
