/**
 * The workshop makes the bytes of receipts: facts (portal's database), proof (public log), PDF and
 * seal (pool of threads). It only reads what others have stored, and stores nothing itself, so it
 * can stand in a process of its own (workshop-line.ts), which takes what the gate leaves of the
 * processors.
 *
 *     order ──► facts of each, proof of each ──► pool ──► bytes, refusals by name, new templates
 *
 * What it says of blame is exact: a receipt refused by name has failed; of the others, when their
 * thread died, nothing is known (`died`). When facts or proofs cannot be had at all `make` rejects,
 * and no receipt is to blame.
 */
import type { Timers } from '#engine/clock/index.ts';
import type { RegisterEntry } from '#engine/register/index.ts';
import { type LedgerEntry, protocolNumber } from '#protocol/entry.ts';
import type { ReceiptFacts, ReceiptInput, ReceiptProof } from './facts.ts';
import { createReceiptPool, type PoolBounds, type PoolOptions, type ReceiptPool } from './pool.ts';
import type { ProofSource } from './proof-source.ts';
import type { ReceiptTaskResult } from './worker.ts';

/** Receipts to be made in one call, at most `batchSize`; all of them can be proved. */
export interface WorkOrder {
  readonly items: readonly Pick<RegisterEntry, 'place' | 'entry'>[];
  /** Hashes of templates that who orders has stored already. */
  readonly knownTemplates: readonly string[];
  /** Where the portal is reached, without a slash at the end. */
  readonly publicUrl: string;
  /** What the seal claims as its time. */
  readonly sealedAtUs: number;
  /** Every receipt says that it has no value. */
  readonly rehearsal: boolean;
}

export interface Work extends ReceiptTaskResult {
  /** Why nothing is known of those that were neither made nor refused. */
  readonly died?: string;
}

export interface Workshop extends PoolBounds, Pick<ProofSource, 'look' | 'provenSeq' | 'troubles'> {
  make(order: WorkOrder): Promise<Work>;
  /** Ends the threads at once. */
  close(): Promise<void>;
}

export interface WorkshopParts {
  /** Facts of these applications in any order; those it does not know are left out. */
  readonly facts: (
    applications: string[],
  ) => readonly ReceiptFacts[] | Promise<readonly ReceiptFacts[]>;
  readonly proofs: ProofSource;
  readonly timers: Timers;
  readonly pool?: PoolOptions;
  /** Who makes the bytes; threads of its own when left out. */
  readonly makers?: ReceiptPool;
}

/** What a call has made of which nothing is known. */
export const NO_WORK: Work = { made: [], refused: [], templates: new Map() };

/** A workshop in this process; its threads start with the first order. */
export function createWorkshop(parts: WorkshopParts): Workshop {
  const { proofs } = parts;
  const pool = parts.makers ?? createReceiptPool(parts.pool ?? {}, parts.timers);
  return {
    batchSize: pool.batchSize,
    callsMax: pool.callsMax,
    look: proofs.look,
    provenSeq: proofs.provenSeq,
    troubles: proofs.troubles,
    make: async (order) => {
      const entries = order.items.map(({ entry }) => entry);
      const facts = await parts.facts(entries.map(({ application }) => application));
      const inputs = inputsOf(order, facts, await parts.proofs.proofsOf(entries));
      const unknown = unknownIn(order, inputs);
      const work = inputs.length === 0 ? NO_WORK : await workOf(pool, order, inputs);
      return { ...work, refused: [...unknown, ...work.refused] };
    },
    close: () => pool.destroy(),
  };
}

async function workOf(
  pool: ReceiptPool,
  { knownTemplates }: WorkOrder,
  inputs: readonly ReceiptInput[],
): Promise<Work> {
  try {
    return await pool.run({ inputs, knownTemplates });
  } catch (error) {
    return { ...NO_WORK, died: String(error) };
  }
}

function inputsOf(
  order: WorkOrder,
  facts: readonly ReceiptFacts[],
  proofs: readonly ReceiptProof[],
): ReceiptInput[] {
  const { sealedAtUs, rehearsal } = order;
  const known = new Map(facts.map((fact) => [fact.application, fact]));
  return order.items.flatMap(({ place, entry }, at) => {
    const fact = known.get(entry.application);
    const proof = proofs[at];
    if (fact === undefined || proof === undefined) return [];
    const url = verificationUrl(order.publicUrl, entry);
    return [{ place, entry, facts: fact, url, proof, sealedAtUs, rehearsal }];
  });
}

function verificationUrl(publicUrl: string, entry: LedgerEntry): string {
  return `${publicUrl}/verify?protocol=${protocolNumber(entry)}`;
}

function unknownIn({ items }: WorkOrder, inputs: readonly ReceiptInput[]) {
  const asked = new Set(inputs.map(({ place }) => place));
  return items
    .filter(({ place }) => !asked.has(place))
    .map(({ place }) => ({ place, reason: 'the portal does not know this application' }));
}
