/**
 * A gate's public log from outside: its checkpoint, verified with a key that was given or, without
 * one, with the key that the log itself names (which is then said), and its signed calendar.
 */
import { type PublishedCalendar, readPublishedCalendar } from '#engine/calendar/index.ts';
import { sha256 } from '#engine/foundation/digest.ts';
import { isSignedBy } from '#engine/foundation/note-signing.ts';
import { type Checkpoint, parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { formatNoteKey, type NoteKey, parseNote, parseNoteKey } from '#protocol/log/note.ts';
import { Refused } from '../context.ts';
import { type Fetching, fetchBytes, fetchPatiently, readBytes } from './fetching.ts';

export interface RemoteLog {
  /** Where its files are: ends in `/v1/log`. */
  readonly url: string;
  readonly checkpoint: Checkpoint;
  /** The verifier key that its signature was checked with. */
  readonly key: string;
  /** Whether that key was given and not taken from the log itself. */
  readonly isPinned: boolean;
}

const SMALL_BYTES_MAX = 64 * 1024;
const CALENDAR_BYTES_MAX = 1024 * 1024;
const digest = (bytes: Uint8Array) => new Uint8Array(sha256(bytes));

/** `http://host:8081`, `ws://host:8081` or `…/v1/log`, as the base of the log's files. */
export function logBase(text: string): string {
  const url = text.replace(/^ws/, 'http').replace(/\/+$/, '');
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new Refused('USAGE', `${text} is no address of a log, for example http://host:8081`);
  }
  return url.endsWith('/v1/log') ? url : `${url}/v1/log`;
}

/** Verifier keys from the command line. */
export function pinnedKeys(texts: readonly string[]): NoteKey[] {
  return texts.map((text) => {
    const key = parseNoteKey(text, digest);
    if (key === undefined) throw new Refused('USAGE', `${text} is no verifier key`);
    return key;
  });
}

/** The log as its checkpoint says it is now. Throws LOG_UNREACHABLE, LOG_INVALID. */
export async function openRemoteLog(
  url: string,
  pinned: readonly NoteKey[],
  fetching: Fetching,
): Promise<RemoteLog> {
  const text = async (name: string) =>
    (await fetchBytes(`${url}/${name}`, SMALL_BYTES_MAX, fetching)).toString('utf8');
  const note = parseNote(await text('checkpoint'));
  const checkpoint = note && parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) {
    throw new Refused('LOG_INVALID', `${url}/checkpoint is no checkpoint`);
  }
  const isPinned = pinned.length > 0;
  const keys = isPinned ? pinned : keysIn(await text('keys'));
  const key = keys.find((each) => each.name === checkpoint.origin && isSignedBy(note, each));
  if (key === undefined) {
    const which = isPinned ? 'a key that was given' : 'a key that the log names';
    throw new Refused('LOG_INVALID', `${url}/checkpoint is not signed by ${which}`);
  }
  return { url, checkpoint, key: formatNoteKey(key, digest), isPinned };
}

/** The newest calendar that the logs serve; undefined when none does. Throws LOG_INVALID. */
export async function newestCalendar(
  urls: readonly string[],
  fetching: Fetching,
): Promise<PublishedCalendar | undefined> {
  let newest: PublishedCalendar | undefined;
  for (const url of urls) {
    const calendar = await calendarAt(`${url}/calendar`, fetching);
    if (calendar === undefined) continue;
    if (newest !== undefined && !calendar.signers.some((one) => newest?.signers.includes(one))) {
      throw new Refused('LOG_INVALID', `${url} has the calendar of another portal`);
    }
    if (newest === undefined || calendar.issuedAt > newest.issuedAt) newest = calendar;
  }
  return newest;
}

async function calendarAt(url: string, fetching: Fetching) {
  const response = await fetchPatiently(url, fetching);
  const bytes = await readBytes(response, CALENDAR_BYTES_MAX);
  if (response.status === 404) return undefined;
  const calendar = readPublishedCalendar(bytes.toString('utf8'));
  if (calendar === undefined) throw new Refused('LOG_INVALID', `${url} does not verify`);
  return calendar;
}

function keysIn(text: string): NoteKey[] {
  const keys = text.split('\n').map((line) => parseNoteKey(line, digest));
  return keys.filter((key) => key !== undefined);
}
