/** The routes of the desk's hours: operators read them, administrators write them. */
import { DeskHours } from '#protocol/desk-tools-api.ts';
import { requireCaller } from '../../http/guard.ts';
import type { Server } from '../../http/server.ts';
import type { Hours } from './service.ts';

/** Adds the routes. `wake`: dues are to be reckoned anew. */
export function hoursRoutes(server: Server, hours: Hours, wake: () => void): void {
  server.get('/api/desk/hours', {
    config: { access: 'operator' },
    schema: { summary: 'When the desk works, and its targets', response: { 200: DeskHours } },
    handler: async () => hours.current().settings,
  });
  server.put('/api/desk/hours', {
    config: { access: 'admin' },
    schema: {
      summary: 'Change hours and targets; open tickets follow',
      body: DeskHours,
      response: { 200: DeskHours },
    },
    handler: async (request) => {
      const changed = hours.change(requireCaller(request).account.id, request.body);
      wake();
      return changed;
    },
  });
}
