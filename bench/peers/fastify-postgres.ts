/**
 * Peer: Fastify before PostgreSQL, which gives the numbers and refuses a second entry of an
 * application. By default one insert a submission, committed by itself on one of the pool's
 * connections; PostgreSQL joins the log flushes of commits that wait together. The variant
 * `micro-batched` gathers the submissions of an event-loop turn, and of the time in which every
 * connection is busy, into one insert of many rows. `order.store` is the folder of the socket.
 */
import { Pool } from 'pg';
import { serveFastify } from '#bench/peers/fastify-door.ts';
import { type Kept, readOrder, type Store, stampNow } from '#bench/peers/intake.ts';
import type { PassbookLine } from '#protocol/passbook.ts';

const SINGLE_CONNECTIONS = 64;
const BATCH_CONNECTIONS = 4;
const BATCH_ROWS_MAX = 1_000;
const COLUMNS = 'application, click_day, model, office, digest, stamp';
const INSERT_ONE = `INSERT INTO entries (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (application) DO NOTHING RETURNING seq`;
const INSERT_MANY = `INSERT INTO entries (${COLUMNS})
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
  ON CONFLICT (application) DO NOTHING RETURNING application, seq`;
const FIND = 'SELECT seq, stamp FROM entries WHERE application = $1';

interface Row {
  readonly application: string;
  readonly seq: string;
  readonly stamp: string;
}

const valuesOf = ({ id, clickDay, model, office, digest }: PassbookLine, stamp: string) => [
  ...[id, clickDay, model, office, digest, stamp],
];

/** The first outcome of an application that was there already. */
async function found(pool: Pool, application: string): Promise<Kept> {
  const { rows } = await pool.query<Row>({ name: 'find', text: FIND, values: [application] });
  if (rows[0] === undefined) throw new Error(`${application} was neither inserted nor there`);
  return { seq: Number(rows[0].seq), stamp: rows[0].stamp };
}

function singleInserts(pool: Pool): Store {
  return {
    append: async (line) => {
      const stamp = stampNow();
      const values = valuesOf(line, stamp);
      const { rows } = await pool.query<Row>({ name: 'insert', text: INSERT_ONE, values });
      return rows[0] === undefined ? found(pool, line.id) : { seq: Number(rows[0].seq), stamp };
    },
  };
}

interface Waiting {
  readonly line: PassbookLine;
  readonly stamp: string;
  readonly done: PromiseWithResolvers<Kept>;
}

async function insertMany(pool: Pool, batch: readonly Waiting[]): Promise<void> {
  const rowValues = batch.map(({ line, stamp }) => valuesOf(line, stamp));
  const values = Array.from({ length: 6 }, (_, at) => rowValues.map((row) => row[at]));
  try {
    const { rows } = await pool.query<Row>({ name: 'insert', text: INSERT_MANY, values });
    const numbers = new Map(rows.map(({ application, seq }) => [application, Number(seq)]));
    for (const { line, stamp, done } of batch) {
      const seq = numbers.get(line.id);
      done.resolve(seq === undefined ? found(pool, line.id) : { seq, stamp });
    }
  } catch (cause) {
    for (const { done } of batch) done.reject(cause);
  }
}

function microBatches(pool: Pool): Store {
  const waiting: Waiting[] = [];
  let busy = 0;
  let scheduled = false;
  const flush = () => {
    scheduled = false;
    while (waiting.length > 0 && busy < BATCH_CONNECTIONS) {
      busy += 1;
      void insertMany(pool, waiting.splice(0, BATCH_ROWS_MAX)).then(() => {
        busy -= 1;
        flush();
      });
    }
  };
  return {
    append: (line) => {
      const done = Promise.withResolvers<Kept>();
      waiting.push({ line, stamp: stampNow(), done });
      if (!scheduled) setImmediate(flush);
      scheduled = true;
      return done.promise;
    },
  };
}

const order = readOrder();
const batched = order.variant === 'micro-batched';
const max = batched ? BATCH_CONNECTIONS : SINGLE_CONNECTIONS;
const pool = new Pool({ host: order.store, user: 'clickday', database: 'postgres', max });
pool.on('error', (error) => {
  process.stderr.write(`postgres: ${error.message}\n`);
});
await serveFastify(order, batched ? microBatches(pool) : singleInserts(pool));
