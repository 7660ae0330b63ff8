/**
 * What belongs to no room: official time, keys for checking receipts, the API's own description,
 * health, metrics.
 */
import { Type } from '@sinclair/typebox';
import { Gauge, Registry } from 'prom-client';
import { type AdminStatus, TimeAnswer, VerificationKeys } from '#protocol/portal-api.ts';
import type { Clock } from '../../clock/index.ts';
import type { MailCounts } from '../../mail/index.ts';
import { Refusal } from './refusal.ts';
import type { Server } from './server.ts';

interface Parts {
  readonly clock: Clock;
  readonly mailCounts: () => MailCounts;
  readonly counts: () => Pick<AdminStatus, 'accounts' | 'applications'>;
  readonly receiptCounts: () => { made: number; pending: number; failed: number };
  readonly verificationKeys: () => VerificationKeys;
  /** What is counted besides, by the name it has in the metrics. */
  readonly gauges: Readonly<Record<string, { help: string; read: () => number }>>;
  /** Where all of it is registered; one of its own when left out. */
  readonly registry?: Registry | undefined;
}

const TimeQuery = Type.Object({ t0: Type.Optional(Type.String({ maxLength: 40 })) });
const Health = Type.Object({ status: Type.Literal('ok') });

/** Adds the routes. */
export function publicRoutes(server: Server, parts: Parts): void {
  timeRoute(server, parts.clock);
  server.get('/api/verification-keys', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Who seals receipts and who signs the logs, for who checks receipts',
      response: { 200: VerificationKeys },
    },
    handler: async () => parts.verificationKeys(),
  });
  server.get('/api/openapi.json', {
    config: { access: 'anyone' },
    schema: { summary: 'This API as OpenAPI 3.1' },
    handler: async (_request, reply) =>
      reply.type('application/json').send(JSON.stringify(server.swagger())),
  });
  server.get('/health', {
    config: { shed: 'never' },
    schema: { summary: 'Whether the portal serves', response: { 200: Health } },
    handler: async () => ({ status: 'ok' as const }),
  });
  metricsRoute(server, parts);
}

/** One clock exchange; `t0` is the caller's own and comes back as it was. */
function timeRoute(server: Server, clock: Clock): void {
  server.get('/api/time', {
    config: { access: 'anyone', shed: 'never' },
    schema: {
      summary: 'The official time with its uncertainty',
      querystring: TimeQuery,
      response: { 200: TimeAnswer },
    },
    handler: async (request, reply) => {
      const { nowUs, uncertaintyUs, sync } = clock.read();
      const t0 = Number(request.query.t0 ?? 0);
      if (!Number.isFinite(t0)) throw new Refusal('REQUEST_INVALID');
      reply.header('cache-control', 'no-store');
      return { t0, t1Us: nowUs, t2Us: clock.nowUs(), uncertaintyUs, sync };
    },
  });
}

function metricsRoute(server: Server, parts: Parts): void {
  const { mailCounts, counts, receiptCounts, gauges } = parts;
  const { registry = new Registry() } = parts;
  new Gauge({
    name: 'clickday_portal_mails',
    help: 'Mails by state',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      for (const [status, count] of Object.entries(mailCounts())) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'clickday_portal_applications',
    help: 'Applications by state',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      const { applications } = counts();
      for (const [status, count] of Object.entries(applications)) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'clickday_portal_receipts',
    help: 'Receipts by state',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      for (const [status, count] of Object.entries(receiptCounts())) this.set({ status }, count);
    },
  });
  for (const [name, { help, read }] of Object.entries(gauges)) {
    const registers = [registry];
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
  server.get('/metrics', {
    config: { shed: 'never' },
    schema: { hide: true },
    handler: async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
  });
}
