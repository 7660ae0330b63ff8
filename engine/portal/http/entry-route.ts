/**
 * One entry of the public log by its protocol number: what the QR code of a receipt leads to.
 * Anyone may ask; an entry carries no personal data. It says what the ledger and the register hold,
 * not that they are right: that is proven with the public log, not with this answer.
 */
import { Type } from '@sinclair/typebox';
import { entryNamed, type LedgerEntry } from '#protocol/entry.ts';
import { PublishedEntry } from '#protocol/portal-api.ts';
import { isRehearsalDay } from '#protocol/rehearsal.ts';
import type { Limit } from './limits.ts';
import { fieldProblem, Refusal } from './refusal.ts';
import type { Server } from './server.ts';

/** Gives the entry named, null when there is none. */
export type ReadEntry = (
  named: Pick<LedgerEntry, 'clickDay' | 'gate' | 'seq'>,
) => PublishedEntry | null;

const Query = Type.Object({ protocol: Type.String({ maxLength: 100 }) });

/** Adds the route. */
export function entryRoute(server: Server, parts: { readEntry: ReadEntry; limit: Limit }): void {
  server.get('/api/entries', {
    config: { access: 'anyone' },
    schema: {
      summary: 'The entry of the public log with this protocol number',
      querystring: Query,
      response: { 200: PublishedEntry },
    },
    handler: async (request) => {
      await parts.limit(request);
      const named = entryNamed(request.query.protocol.trim());
      if (!named) {
        throw new Refusal('PROTOCOL_INVALID', {
          errors: [fieldProblem('protocol', 'PROTOCOL_INVALID')],
        });
      }
      if (isRehearsalDay(named.clickDay)) throw new Refusal('PROTOCOL_REHEARSAL');
      const entry = parts.readEntry(named);
      if (!entry) throw new Refusal('NOT_FOUND');
      return entry;
    },
  });
}
