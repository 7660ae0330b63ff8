/**
 * The HTTP door that the Fastify peers share: `POST /v1/submissions` as the gate has it. Fastify
 * with its logger off; the answer is serialised by a compiled schema, Fastify's fastest way.
 */
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { createIntake, type PeerOrder, type Store } from '#bench/peers/intake.ts';

const ACCEPTED = {
  type: 'object',
  properties: {
    application: { type: 'string' },
    protocol: { type: 'string' },
    seq: { type: 'integer' },
    stamp: { type: 'string' },
    uncertaintyUs: { type: 'integer' },
  },
};
const BODY = {
  type: 'object',
  required: ['application'],
  properties: { application: { type: 'string', maxLength: 64 } },
};

/** All connections of a load come at once; who finds the queue full comes again a second later. */
const BACKLOG = 4_096;

const STATUS: Readonly<Record<string, number>> = {
  PASSBOOK_INVALID: 401,
  UNKNOWN_APPLICATION: 404,
  CLOSED: 410,
  TOO_EARLY: 425,
  WRONG_CLICK_DAY: 409,
};

/** Serves on a free port of the loopback and prints it. */
export async function serveFastify(order: PeerOrder, store: Store): Promise<void> {
  const intake = createIntake(order, store);
  const app = fastify({ logger: false });
  const schema = { body: BODY, response: { 201: ACCEPTED } };
  app.post<{ Body: { application: string } }>('/v1/submissions', { schema }, (request, reply) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const lines = intake.passbook(token);
    const { application } = request.body;
    const outcome = lines === undefined ? 'PASSBOOK_INVALID' : intake.submit(lines, application);
    if (typeof outcome === 'string') {
      return reply.code(STATUS[outcome] ?? 400).send({ application, code: outcome });
    }
    reply.code(201);
    return outcome;
  });
  await app.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG });
  process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`);
}
