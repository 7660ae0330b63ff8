/**
 * Takes the words of one of nobody's tickets away before its time, at the wish of who asked
 * (GDPR, article 17). It cannot be undone; so an administrator does it, and the audit says so.
 */
import { Type } from '@sinclair/typebox';
import { DeskTicket, DeskVersion } from '#protocol/desk-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import type { Audit } from '../control-room/audit.ts';
import { requireCaller } from '../http/guard.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import { type DeskViewParts, deskView } from './desk-view.ts';
import { eraseNobodys, forgetLetters, mayBeErased, type RetentionParts } from './retention.ts';
import { ticketStore } from './store.ts';

type Parts = Pick<RetentionParts, 'database' | 'clock' | 'random' | 'mail'> &
  DeskViewParts & { readonly audit: Audit };

/** Adds the route. Refuses NOT_FOUND, TICKET_CHANGED, and TICKET_STATE for any other ticket. */
export function eraseRoute(server: Server, parts: Parts): void {
  const { database, audit, mail } = parts;
  const store = ticketStore(database);
  server.post('/api/desk/tickets/:id/erase', {
    config: { access: 'admin' },
    schema: {
      summary: 'Erase the words of a closed ticket that belongs to no account',
      params: Type.Object({ id: Identifier }),
      body: DeskVersion,
      response: { 200: DeskTicket },
    },
    handler: async (request) => {
      const by = requireCaller(request).account.id;
      const { id } = request.params;
      const before = database.transaction(() => {
        const ticket = store.byId(id);
        if (ticket === undefined) throw new Refusal('NOT_FOUND');
        if (ticket.version !== request.body.version) throw new Refusal('TICKET_CHANGED');
        if (!mayBeErased(ticket)) throw new Refusal('TICKET_STATE');
        eraseNobodys(parts, [ticket], { by: 'desk', account: by });
        audit({ account: by, action: 'ticket.erase', subject: id });
        return ticket;
      });
      forgetLetters(mail, [before]);
      const after = store.byId(id);
      if (after === undefined) throw new Refusal('NOT_FOUND');
      return deskView(parts, after);
    },
  });
}
