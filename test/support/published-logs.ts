/**
 * Public logs as a gate serves them, made from entries alone and served over HTTP, with a calendar
 * signed by a portal of the test: what `clickday rank` reads. `change` lets a test lie.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sha256 } from '#engine/foundation/digest.ts';
import { generateSigningKey, publicJwk, signCompact } from '#engine/foundation/jws.ts';
import { EMPTY_TREE, extendTree, hashOf, rootOf } from '#engine/ledger/index.ts';
import { loadOrCreateLogKeys } from '#engine/log/keys.ts';
import { CALENDAR_TYP, type ClickDay } from '#protocol/calendar.ts';
import { type LedgerEntry, leafText } from '#protocol/entry.ts';
import { formatCheckpoint } from '#protocol/log/checkpoint.ts';
import { formatNote, formatNoteKey } from '#protocol/log/note.ts';
import { encodeEntries, parseTilePath, TILE_WIDTH } from '#protocol/log/tile.ts';

export interface PublishedLog {
  readonly url: string;
  /** The verifier key. */
  readonly key: string;
  /** Files asked for, in order. */
  readonly asked: string[];
  /** What is served instead; undefined: an answer of 503. */
  change: (path: string, body: Buffer) => Buffer | undefined;
  close(): void;
}

/** A portal's signature under a calendar. */
export function signedCalendar(clickDays: readonly ClickDay[], key = generateSigningKey()): string {
  const claims = { iat: 1, clickDays, keys: { keys: [publicJwk(key)] } };
  return signCompact({ key, typ: CALENDAR_TYP, claims });
}

/** Serves the log of these entries, which are of one gate and numbered from 1. */
export async function publishLog(options: {
  readonly origin: string;
  readonly entries: readonly LedgerEntry[];
  readonly calendar: string;
  /** Where its key is kept. */
  readonly folder: string;
}): Promise<PublishedLog> {
  const { origin, entries, calendar, folder } = options;
  const path = join(folder, `${origin.replaceAll('/', '-')}.json`);
  const { signers } = loadOrCreateLogKeys(path, { origin, at: '2011-01-01T00:00:00Z' });
  const leaves = entries.map((entry) => new Uint8Array(Buffer.from(leafText(entry))));
  const hashes = leaves.map((leaf) => hashOf(Buffer.concat([Buffer.of(0), leaf])));
  const root = rootOf(extendTree(EMPTY_TREE, hashes));
  const text = formatCheckpoint({ origin, size: leaves.length, root });
  const checkpoint = formatNote({ text, signatures: signers.map((signer) => signer.sign(text)) });
  const digest = (bytes: Uint8Array) => new Uint8Array(sha256(bytes));
  const key = formatNoteKey(signers[0]!.key, digest);
  const files = new Map([
    ['checkpoint', Buffer.from(checkpoint)],
    ['keys', Buffer.from(`${key}\n`)],
    ['calendar', Buffer.from(calendar)],
  ]);
  const fileAt = (name: string) => {
    const tile = parseTilePath(name);
    if (tile?.level !== 'entries') return files.get(name);
    const from = tile.index * TILE_WIDTH;
    return Buffer.from(encodeEntries(leaves.slice(from, from + tile.width)));
  };
  const log = { key, asked: [] as string[], change: (_path: string, body: Buffer) => body };
  const server = createServer((request, response) => {
    const name = (request.url ?? '').replace('/v1/log/', '');
    published.asked.push(name);
    const body = fileAt(name);
    const served = body && published.change(name, body);
    response.statusCode = body === undefined ? 404 : served === undefined ? 503 : 200;
    response.end(served);
  });
  const url = await listening(server);
  const published: PublishedLog = { ...log, url, close: () => server.close() };
  return published;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
