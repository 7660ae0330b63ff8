/**
 * Peer: Fastify before NATS JetStream. Each submission is one published message, all of them under
 * way at once on one connection; its acknowledgement comes when the message is synced. Numbers are
 * given in this process. `order.store` is the address of the server.
 */
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { serveFastify } from '#bench/peers/fastify-door.ts';
import { numbered, readOrder } from '#bench/peers/intake.ts';
import { SUBJECT } from '#bench/peers/nats-server.ts';

const TIMEOUT_MS = 30_000;

const order = readOrder();
const stream = jetstream(await connect({ servers: order.store }), { timeout: TIMEOUT_MS });
const store = numbered((entry) =>
  stream.publish(SUBJECT, JSON.stringify(entry), { timeout: TIMEOUT_MS }),
);
await serveFastify(order, store);
