/**
 * What staff reads of other people's is written into the audit: a route names it (`staffReads`),
 * and every answer it gives to an operator or administrator leaves a line, in whatever room the
 * route is. A refusal tells nothing, so it leaves none. Who applies reads their own: no line.
 */
import type { Audit } from '../control-room/audit.ts';
import type { Server } from './server.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How the audit calls it when staff reads this; the subject is the parameter `id`. */
    staffReads?: string;
  }
}

const REFUSED = 400;

/** Adds the hook; before any route. */
export function addStaffReading(server: Server, audit: Audit): void {
  server.addHook('onSend', async (request, reply) => {
    const action = request.routeOptions.config.staffReads;
    const account = request.caller?.account;
    if (!action || !account || account.role === 'applicant' || reply.statusCode >= REFUSED) return;
    const { id, ...detail } = request.params as Record<string, string>;
    audit({ account: account.id, action, subject: id ?? '', detail });
  });
}
