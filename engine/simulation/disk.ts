/**
 * A simulated disk with one store on it, behind the interface of `engine/store/lmdb.ts`.
 *
 * It *is* the list of its commits: what is visible follows from all of them, what survives a power
 * cut from those that are synced. A commit is there whole or not at all, as LMDB's two meta pages
 * make it; in the wrong hands (a mutant) it is not.
 *
 *     begun ──work──► in flight ──flush──► committed, synced ──► its process hears of it
 *        └ throws       ├ full: refused, nothing written
 *                       ├ sync fails, nothing written: the disk can no longer be trusted
 *                       ├ sync fails, written all the same
 *                       └ its process dies: written or not, by chance
 *
 * After a failed sync the kernel may count lost pages as clean: later commits seem to go well and
 * are gone when the process ends (Rebello et al., USENIX ATC 2020).
 */
import type { Environment, Key } from '#engine/store/index.ts';
import type { Dice } from './dice.ts';
import { createEnvironment, type Operation } from './disk-environment.ts';
import { DiskTable } from './disk-table.ts';
import type { SimulatedProcess } from './process.ts';
import type { Schedule } from './schedule.ts';
import type { Trace } from './trace.ts';

/** One commit, with the true instants at which it began and was on disk. */
export interface DiskCommit {
  readonly operations: readonly Operation[];
  readonly begunAtUs: number;
  readonly endedAtUs: number;
}

/** What goes wrong with the next commit. */
export type SyncFault = 'unpersisted' | 'persisted';

/** As LMDB says it: with the number of the system's error. */
export class CommitFailed extends Error {
  override name = 'CommitFailed';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const EIO = 5;
const EINVAL = 22;
const ENOSPC = 28;

interface Waiting {
  readonly process: SimulatedProcess;
  readonly work: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How a disk built for a mutant cheats. */
export interface DiskFlaws {
  /** Commits are told before they are synced. */
  readonly neverSyncs?: boolean;
  /** Of a commit in flight a part is found after a crash. */
  readonly tears?: boolean;
  /** A store forgets its last commit when it is opened again. */
  readonly dropsTail?: boolean;
  /** This table is committed with the next transaction, not with its own. */
  readonly lateTable?: string;
}

const FLUSH_US = { min: 200, max: 4_000 } as const;
const FREE_BYTES = 10 * 1024 ** 3;
const FREE_BYTES_WHEN_FULL = 1024 ** 2;

export class SimulatedDisk {
  readonly name: string;
  /** All that is visible. */
  readonly commits: DiskCommit[] = [];
  isFull = false;
  slowUs = 0;
  nextSync: SyncFault | undefined;
  readonly #parts: { schedule: Schedule; dice: Dice; trace: Trace; flaws: DiskFlaws };
  #tables = new Map<string, DiskTable>();
  #synced = 0;
  #isTrusted = true;
  #isOpenedBefore = false;
  #queue: Waiting[] = [];
  #inFlight: { readonly of: Waiting; readonly operations: readonly Operation[] } | undefined;
  #isBusy = false;
  #recording: { readonly done: Operation[]; readonly undo: Operation[] } | undefined;
  #late: Operation[] = [];

  constructor(
    name: string,
    parts: { schedule: Schedule; dice: Dice; trace: Trace; flaws?: DiskFlaws | undefined },
  ) {
    this.name = name;
    this.#parts = { ...parts, flaws: parts.flaws ?? {} };
  }

  /** The store as `process` sees it. */
  open(process: SimulatedProcess, options: { readOnly?: boolean } = {}): Environment {
    if (options.readOnly !== true) {
      if (this.#parts.flaws.dropsTail === true && this.#isOpenedBefore) this.#keep(-1);
      this.#isOpenedBefore = true;
    }
    return createEnvironment(this, process);
  }

  /** False before a writer has opened it. */
  exists(): boolean {
    return this.#isOpenedBefore;
  }

  freeBytes(): number {
    return this.isFull ? FREE_BYTES_WHEN_FULL : FREE_BYTES;
  }

  tableOf(name: string): DiskTable {
    const table = this.#tables.get(name) ?? new DiskTable();
    this.#tables.set(name, table);
    return table;
  }

  /** Inside the work of a transaction only. */
  write(table: string, key: Key, value: Buffer | undefined): void {
    const recording = this.#recording;
    if (recording === undefined) throw new CommitFailed(EINVAL, 'written outside a transaction');
    recording.undo.push({ table, key, value: this.tableOf(table).set(key, value) });
    recording.done.push({ table, key, value });
  }

  transaction(process: SimulatedProcess, work: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!process.effect(`begin on ${this.name}`)) return;
      this.#queue.push({ process, work, resolve, reject });
      this.#next();
    });
  }

  /** The process that writes here is dead. What was in flight is there or not. */
  writerDied(process: SimulatedProcess): void {
    this.#queue = this.#queue.filter((waiting) => waiting.process !== process);
    const inFlight = this.#inFlight;
    if (inFlight?.of.process === process) {
      this.#inFlight = undefined;
      const { dice, flaws } = this.#parts;
      if (flaws.tears === true) this.#commit(torn(inFlight.operations, dice), true);
      else if (this.#isTrusted && dice.chance(0.5)) this.#commit(inFlight.operations, true);
    }
    if (!this.#isTrusted) this.powerCut();
    this.#isBusy = this.#inFlight !== undefined;
    this.#late = [];
    this.#next();
  }

  /** What is not synced is lost. Call `writerDied` before. */
  powerCut(): void {
    this.#keep(this.#synced - this.commits.length);
    this.#isTrusted = true;
  }

  #next(): void {
    if (this.#isBusy) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    this.#isBusy = true;
    waiting.process.enter(() => this.#begin(waiting));
  }

  #begin(waiting: Waiting): void {
    const { schedule, dice, trace } = this.#parts;
    let operations: readonly Operation[];
    try {
      operations = this.#operationsOf(waiting.work);
    } catch (error) {
      this.#end(waiting, error);
      return;
    }
    this.#inFlight = { of: waiting, operations };
    const begunAtUs = schedule.nowUs();
    const flushUs = dice.between(FLUSH_US.min, FLUSH_US.max) + this.slowUs;
    trace.note(this.name, `commit of ${operations.length} begins`);
    schedule.at(begunAtUs + flushUs, () => {
      if (this.#inFlight?.of !== waiting) return;
      this.#inFlight = undefined;
      this.#end(waiting, this.#flush(operations, begunAtUs));
    });
  }

  /** What `work` writes, without a trace of it: nobody may see it yet. */
  #operationsOf(work: () => void): readonly Operation[] {
    const recording = { done: [] as Operation[], undo: [] as Operation[] };
    this.#recording = recording;
    try {
      work();
    } finally {
      this.#recording = undefined;
      for (const { table, key, value } of recording.undo.reverse()) {
        this.tableOf(table).set(key, value);
      }
    }
    return this.#withoutLate(recording.done);
  }

  #withoutLate(operations: readonly Operation[]): readonly Operation[] {
    const { lateTable } = this.#parts.flaws;
    if (lateTable === undefined) return operations;
    const due = [...this.#late, ...operations.filter(({ table }) => table !== lateTable)];
    this.#late = operations.filter(({ table }) => table === lateTable);
    return due;
  }

  /** Undefined when it went well, else why not. */
  #flush(operations: readonly Operation[], begunAtUs: number): unknown {
    const fault = this.nextSync;
    this.nextSync = undefined;
    // Little room is none for some commits, and enough for others.
    const isRefused = this.isFull && this.#parts.dice.chance(0.5);
    if (isRefused) return new CommitFailed(ENOSPC, 'no room on the disk');
    if (fault === undefined) {
      const isSynced = this.#isTrusted && this.#parts.flaws.neverSyncs !== true;
      return this.#commit(operations, isSynced, begunAtUs);
    }
    if (fault === 'persisted') this.#commit(operations, this.#isTrusted, begunAtUs);
    else this.#isTrusted = false;
    return new CommitFailed(EIO, `fdatasync failed, ${fault}`);
  }

  #commit(operations: readonly Operation[], isSynced: boolean, begunAtUs?: number): undefined {
    const endedAtUs = this.#parts.schedule.nowUs();
    this.commits.push({ operations, begunAtUs: begunAtUs ?? endedAtUs, endedAtUs });
    if (isSynced) this.#synced = this.commits.length;
    for (const { table, key, value } of operations) this.tableOf(table).set(key, value);
    this.#parts.trace.note(this.name, `has ${this.commits.length} commits`);
  }

  #end({ process, resolve, reject }: Waiting, error: unknown): void {
    this.#isBusy = false;
    process.enter(() => {
      if (!process.effect(`end on ${this.name}`)) return;
      if (error === undefined) resolve();
      else reject(error);
    });
    this.#next();
  }

  /** Forgets the last commits (`change` is negative or 0). */
  #keep(change: number): void {
    if (change >= 0) return;
    this.commits.length = Math.max(0, this.commits.length + change);
    this.#synced = Math.min(this.#synced, this.commits.length);
    this.#tables = new Map();
    for (const { operations } of this.commits) {
      for (const { table, key, value } of operations) this.tableOf(table).set(key, value);
    }
    this.#parts.trace.note(this.name, `is left with ${this.commits.length} commits`);
  }
}

/** A part of the operations, the last of them cut short. */
function torn(operations: readonly Operation[], dice: Dice): readonly Operation[] {
  const kept = operations.slice(0, dice.integer(operations.length));
  return kept.map((operation, at) =>
    at === kept.length - 1 && operation.value !== undefined
      ? { ...operation, value: operation.value.subarray(0, operation.value.length >> 1) }
      : operation,
  );
}
