/**
 * The desk serves one call of receipts from its order to the disk, and says which are to be tried
 * again.
 *
 * Blame is exact: a receipt that was refused by name, or whose thread died while it was alone, has
 * used up one of its three attempts; the others of a batch whose thread died have not. After the
 * third it is set aside with its reason. When a call cannot be served at all (no facts, no
 * proof, disk full) it throws, and no receipt is to blame.
 */
import type { Register, RegisterEntry } from '#engine/register/index.ts';
import type { Job } from './jobs.ts';
import type { ReceiptsParts } from './receipts.ts';
import type { Work } from './workshop.ts';

const ATTEMPTS_MAX = 3;
const TOLD_AT_ONCE = 500;

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
export function createDesk(parts: ReceiptsParts): Desk {
  const { store, log, workshop } = parts;
  const known = new Set<string>();
  const told: number[] = [];

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
    const work = await workshop.make({
      items: jobs.map(({ item: { place, entry } }) => ({ place, entry })),
      knownTemplates: [...known],
      publicUrl: parts.publicUrl(),
      sealedAtUs: parts.nowUs(),
      rehearsal: parts.rehearsal ?? false,
    });
    if (isClosed() && work.made.length === 0) return { made: 0, again: [] };
    const tried = triedOf(jobs, work);
    const failed = tried.filter(({ attempts }) => attempts >= ATTEMPTS_MAX);
    await keep(store, { work, failed, told: told.splice(0) });
    for (const hash of work.templates.keys()) known.add(hash);
    for (const { item, reason } of failed) {
      log.error({ place: item.place, reason }, 'a receipt was set aside');
    }
    await tell(madeItems(jobs, work));
    return { made: work.made.length, again: tried.filter((job) => !failed.includes(job)) };
  };
  return { serve, tellUntold };
}

const blame = (job: Job, reason: string): Job => ({ ...job, attempts: job.attempts + 1, reason });

/** To be tried again, or set aside: those refused, and those whose thread died under them. */
function triedOf(jobs: readonly Job[], { refused, died }: Work): Job[] {
  const reasons = new Map(refused.map(({ place, reason }) => [place, reason]));
  const blamed = jobs
    .filter(({ item }) => reasons.has(item.place))
    .map((job) => blame(job, reasons.get(job.item.place)!));
  if (died === undefined) return blamed;
  const lost = jobs.filter(({ item }) => !reasons.has(item.place));
  return [...blamed, ...(lost.length === 1 ? lost.map((job) => blame(job, died)) : lost)];
}

interface Results {
  readonly work: Work;
  readonly failed: readonly Job[];
  readonly told: readonly number[];
}

async function keep(store: Register, { work, failed, told }: Results): Promise<void> {
  if (work.made.length + failed.length + told.length === 0) return;
  const failures = failed.map(({ item, attempts, reason }) => ({
    place: item.place,
    application: item.entry.application,
    attempts,
    reason,
  }));
  const { templates, made } = work;
  await store.receipts.store({ templates, receipts: made, failures, told });
}

function madeItems(jobs: readonly Job[], work: Work): RegisterEntry[] {
  const places = new Set(work.made.map(({ place }) => place));
  return jobs.map(({ item }) => item).filter(({ place }) => places.has(place));
}
