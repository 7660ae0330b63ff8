/** The route of presence; for operators. */
import { Type } from '@sinclair/typebox';
import { DeskPresence, DeskPresenceAnswer } from '#protocol/desk-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Database } from '../../../store/database/index.ts';
import { nameOf } from '../../helpdesk/people.ts';
import { requireCaller } from '../../http/guard.ts';
import { Refusal } from '../../http/refusal.ts';
import type { Server } from '../../http/server.ts';
import type { Presence } from './presence.ts';

/** Adds the route. */
export function presenceRoute(server: Server, presence: Presence, database: Database): void {
  const versions = database.build.selectFrom('tickets').select('version');
  server.post('/api/desk/tickets/:id/presence', {
    config: { access: 'operator' },
    schema: {
      summary: 'I have it open; who else has?',
      params: Type.Object({ id: Identifier }),
      body: DeskPresence,
      response: { 200: DeskPresenceAnswer },
    },
    handler: async (request) => {
      const { id } = request.params;
      const ticket = database.first(versions.where('id', '=', id));
      if (ticket === undefined) throw new Refusal('NOT_FOUND');
      const { account } = requireCaller(request);
      const { state } = request.body;
      const others = presence.say(id, { account: account.id, name: nameOf(account), state });
      return {
        others: others.map(({ name, state, sinceUs }) => ({
          name,
          state,
          since: isoFromUs(sinceUs),
        })),
        version: ticket.version,
      };
    },
  });
}
