/**
 * The public log over HTTP (protocol §5): `/v1/log/checkpoint` changes, tiles never do. Anybody may
 * read it, from any page. `/v1/log/checkpoint-cosigned` is the last one that a witness has seen,
 * should the newest be without. `/v1/log/keys` says who signs, one verifier key a line, for people
 * to compare; trust in it comes from elsewhere (it is printed at the start and stands on receipts).
 * And `/v1/log/calendar`: the signed calendar, which says when each click day opens and which
 * models share a quota, so that the ranking can be rebuilt without the portal.
 */
import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import type { PublicLog } from '#engine/log/index.ts';
import { parseTilePath } from '#protocol/log/tile.ts';
import { sendProblem } from './reply.ts';

const PREFIX = '/v1/log/';
const TEXT = 'text/plain; charset=utf-8';
const FOR_EVER = 'public, max-age=31536000, immutable';
/** A checkpoint is renewed twice a second while entries arrive. */
const BRIEFLY = 'public, max-age=1';
const BUSY_RETRY_S = '1';

export function serveLog(
  app: TemplatedApp,
  { log, calendar }: { log: PublicLog; calendar: () => string },
): void {
  const sendNote = (response: HttpResponse, note: string | undefined) => {
    if (note === undefined) sendProblem(response, 'NOT_FOUND');
    else sendFile(response, note, { type: TEXT, caching: BRIEFLY });
  };
  app.get(`${PREFIX}checkpoint`, (response) => sendNote(response, log.checkpoint()));
  app.get(`${PREFIX}checkpoint-cosigned`, (response) => sendNote(response, log.cosigned()));
  app.get(`${PREFIX}keys`, (response) => {
    const keys = log.verifierKeys().map((key) => `${key}\n`);
    sendNote(response, keys.length === 0 ? undefined : keys.join(''));
  });
  app.get(`${PREFIX}calendar`, (response) => {
    const document = calendar();
    if (document === '') sendProblem(response, 'NOT_FOUND');
    else sendFile(response, document, { type: 'application/jose', caching: BRIEFLY });
  });
  app.get(`${PREFIX}tile/*`, (response, request) => void sendTile(response, request, log));
}

async function sendTile(response: HttpResponse, request: HttpRequest, log: PublicLog) {
  const path = request.getUrl().slice(PREFIX.length);
  const acceptsGzip = /\bgzip\b/.test(request.getHeader('accept-encoding'));
  let isOpen = true;
  response.onAborted(() => {
    isOpen = false;
  });
  const isTile = parseTilePath(path) !== undefined;
  const bytes = isTile ? await log.tile(path, acceptsGzip) : undefined;
  if (!isOpen) return;
  response.cork(() => {
    if (bytes === undefined) sendProblem(response, 'NOT_FOUND');
    else if (bytes === 'busy') {
      sendProblem(response, 'OVERLOADED', { 'Retry-After': BUSY_RETRY_S });
    } else {
      const type = 'application/octet-stream';
      sendFile(response, bytes, { type, caching: FOR_EVER, isGzipped: acceptsGzip });
    }
  });
}

function sendFile(
  response: HttpResponse,
  body: string | Uint8Array,
  { type, caching, isGzipped = false }: { type: string; caching: string; isGzipped?: boolean },
): void {
  response.writeHeader('Content-Type', type).writeHeader('Cache-Control', caching);
  response.writeHeader('Access-Control-Allow-Origin', '*').writeHeader('Vary', 'Accept-Encoding');
  if (isGzipped) response.writeHeader('Content-Encoding', 'gzip');
  response.end(body);
}
