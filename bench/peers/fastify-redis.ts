/**
 * Peer: Fastify before a Redis stream. The commands of one event-loop turn travel together
 * (pipelining), and a Redis with `appendfsync always` syncs once for all it read together before
 * it answers any of them: a group commit. Numbers are given in this process and are the stream's
 * ids. `order.store` is the path of Redis's socket.
 */
import { Redis } from 'ioredis';
import { serveFastify } from '#bench/peers/fastify-door.ts';
import { numbered, readOrder } from '#bench/peers/intake.ts';
import { STREAM } from '#bench/peers/redis-server.ts';

const order = readOrder();
const redis = new Redis({ path: order.store, enableAutoPipelining: true });
redis.on('error', (error) => {
  process.stderr.write(`redis: ${error.message}\n`);
});
const store = numbered((entry) => redis.xadd(STREAM, `${entry.seq}-0`, 'e', JSON.stringify(entry)));
await serveFastify(order, store);
