/**
 * The desk serves one call of receipts from facts to disk, and says which are to be tried again.
 *
 * Blame is exact: a receipt that was refused by name, or whose thread died while it was alone, has
 * used up one of its three attempts; the others of a batch whose thread died have not. After the
 * third it is set aside with its reason. When a call cannot be served at all (no facts, no
 * proof, disk full) it throws, and no receipt is to blame.
 */
import type { Register, RegisterEntry } from '#engine/register/index.ts';
import { protocolNumber } from '#protocol/entry.ts';
import type { ReceiptFacts, ReceiptInput, ReceiptProof } from './facts.ts';
import type { Job } from './jobs.ts';
import type { ReceiptPool } from './pool.ts';
import type { ReceiptsParts } from './receipts.ts';
import type { ReceiptTaskResult } from './worker.ts';

const ATTEMPTS_MAX = 3;
const TOLD_AT_ONCE = 500;
const NOTHING: ReceiptTaskResult = { made: [], refused: [], templates: new Map() };

export interface Outcome {
  /** Receipts that are now on disk. */
  readonly made: number;
  /** To be tried again, each alone. */
  readonly again: readonly Job[];
}

export interface Desk {
  serve(taken: readonly Job[], isClosed: () => boolean): Promise<Outcome>;
  /** Tells of receipts that were stored and perhaps not told before a crash. */
  tellUntold(): Promise<void>;
}

/** A desk that remembers only which templates are stored and whose news was taken. */
export function createDesk(parts: ReceiptsParts, run: ReceiptPool['run']): Desk {
  const { store, log } = parts;
  const known = new Set<string>();
  const told: number[] = [];

  const make = async (jobs: readonly Job[], inputs: ReceiptInput[]) => {
    if (inputs.length === 0) return { result: NOTHING, again: [] };
    try {
      return { result: await run({ inputs, knownTemplates: [...known] }), again: [] };
    } catch (error) {
      const places = new Set(inputs.map(({ place }) => place));
      const asked = jobs.filter(({ item }) => places.has(item.place));
      const again = asked.length === 1 ? asked.map((job) => blame(job, String(error))) : asked;
      return { result: NOTHING, again };
    }
  };

  const tell = async (items: readonly RegisterEntry[]): Promise<void> => {
    if (items.length === 0) return;
    try {
      await parts.made?.(items.map(({ entry }) => entry.application));
      told.push(...items.map(({ place }) => place));
    } catch (error) {
      log.error({ err: error }, 'the portal did not take the news of receipts');
    }
  };

  const tellUntold = async (): Promise<void> => {
    const places = store.receipts.untold();
    for (let from = 0; from < places.length; from += TOLD_AT_ONCE) {
      const page = places.slice(from, from + TOLD_AT_ONCE);
      await tell(page.flatMap((place) => store.at(place) ?? []));
    }
  };

  const serve: Desk['serve'] = async (taken, isClosed) => {
    const jobs = taken.filter(({ item }) => !store.receipts.has(item.place));
    if (jobs.length === 0) return { made: 0, again: [] };
    const facts = await parts.facts(jobs.map(({ item }) => item.entry.application));
    const proofs = await parts.proofs.proofsOf(jobs.map(({ item }) => item.entry));
    const inputs = inputsOf(jobs, { facts, proofs }, parts);
    const { result, again } = await make(jobs, inputs);
    if (isClosed() && result.made.length === 0) return { made: 0, again: [] };
    const tried = [...again, ...refusedJobs(jobs, inputs, result)];
    const failed = tried.filter(({ attempts }) => attempts >= ATTEMPTS_MAX);
    await keep(store, { result, failed, told: told.splice(0) });
    for (const hash of result.templates.keys()) known.add(hash);
    for (const { item, reason } of failed) {
      log.error({ place: item.place, reason }, 'a receipt was set aside');
    }
    await tell(madeItems(jobs, result));
    return { made: result.made.length, again: tried.filter((job) => !failed.includes(job)) };
  };
  return { serve, tellUntold };
}

const blame = (job: Job, reason: string): Job => ({ ...job, attempts: job.attempts + 1, reason });

function refusedJobs(
  jobs: readonly Job[],
  inputs: readonly ReceiptInput[],
  result: ReceiptTaskResult,
): Job[] {
  const asked = new Set(inputs.map(({ place }) => place));
  const reasons = new Map(result.refused.map(({ place, reason }) => [place, reason]));
  for (const { item } of jobs) {
    if (!asked.has(item.place))
      reasons.set(item.place, 'the portal does not know this application');
  }
  return jobs
    .filter(({ item }) => reasons.has(item.place))
    .map((job) => blame(job, reasons.get(job.item.place)!));
}

interface Results {
  readonly result: ReceiptTaskResult;
  readonly failed: readonly Job[];
  readonly told: readonly number[];
}

async function keep(store: Register, { result, failed, told }: Results): Promise<void> {
  if (result.made.length + failed.length + told.length === 0) return;
  const failures = failed.map(({ item, attempts, reason }) => ({
    place: item.place,
    application: item.entry.application,
    attempts,
    reason,
  }));
  const { templates, made } = result;
  await store.receipts.store({ templates, receipts: made, failures, told });
}

function madeItems(jobs: readonly Job[], result: ReceiptTaskResult): RegisterEntry[] {
  const places = new Set(result.made.map(({ place }) => place));
  return jobs.map(({ item }) => item).filter(({ place }) => places.has(place));
}

function inputsOf(
  jobs: readonly Job[],
  { facts, proofs }: { facts: readonly ReceiptFacts[]; proofs: readonly ReceiptProof[] },
  parts: Pick<ReceiptsParts, 'publicUrl' | 'rehearsal' | 'nowUs'>,
): ReceiptInput[] {
  const known = new Map(facts.map((fact) => [fact.application, fact]));
  return jobs.flatMap(({ item }, at) => {
    const { place, entry } = item;
    const fact = known.get(entry.application);
    const proof = proofs[at];
    if (fact === undefined || proof === undefined) return [];
    const url = `${parts.publicUrl()}/verify?protocol=${protocolNumber(entry)}`;
    const sealing = { proof, sealedAtUs: parts.nowUs(), rehearsal: parts.rehearsal ?? false };
    return [{ place, entry, facts: fact, url, ...sealing }];
  });
}
