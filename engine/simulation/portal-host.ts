/**
 * The machine of the portal: the engine's own registrar, register and receipt desk over a simulated
 * disk. Stand-ins: the portal's database (a small store with the same promises: the work and how
 * far it has come in one transaction) the threads that draw receipts (receipt-maker.ts), and the
 * signature on a gate's checkpoint (signer.ts).
 */
import { type LedgerReader, openLedgerReader } from '#engine/ledger/index.ts';
import { createLogProofs } from '#engine/log/index.ts';
import { createReceipts, createWorkshop, type Receipts } from '#engine/receipts/index.ts';
import {
  createRegistrar,
  openRegister,
  type Register,
  type RegisterEntry,
} from '#engine/register/index.ts';
import { protocolNumber } from '#protocol/entry.ts';
import type { Dice } from './dice.ts';
import { SimulatedDisk } from './disk.ts';
import type { GateHost } from './gate-host.ts';
import { createHostClock, type SimulatedHostClock } from './host-clock.ts';
import { createPortalStore } from './portal-store.ts';
import { SimulatedProcess } from './process.ts';
import { createReceiptMaker, factsOf } from './receipt-maker.ts';
import { noLog, type World } from './world-parts.ts';

const RESTART_US = { min: 50_000, max: 1_000_000 } as const;

export class PortalHost {
  readonly name = 'portal';
  readonly registerDisk: SimulatedDisk;
  readonly portalDisk: SimulatedDisk;
  process: SimulatedProcess | undefined;
  /** Until then its database gives no facts, and the threads that draw receipts die. */
  isTroubledUntilUs = 0;
  readonly #world: World;
  readonly #gates: readonly GateHost[];
  readonly #dice: Dice;
  readonly #clock: SimulatedHostClock;
  #register: Register | undefined;
  #receipts: Receipts | undefined;
  #lives = 0;
  #isPowerCut = false;

  constructor(world: World, gates: readonly GateHost[]) {
    this.#world = world;
    this.#gates = gates;
    this.#dice = world.dice.named(this.name);
    const disk = (name: string, flaws = {}) =>
      new SimulatedDisk(name, { ...world, dice: this.#dice.named(name), flaws });
    this.registerDisk = disk('register', world.mutant?.registerDisk);
    this.portalDisk = disk('database');
    const setup = { driftPpm: 3, dateErrorUs: 0, countsFromUs: 0 };
    this.#clock = createHostClock(world.schedule, setup);
  }

  start(): void {
    this.#lives += 1;
    const { schedule, trace } = this.#world;
    const process = new SimulatedProcess({
      ...{ name: `${this.name}#${this.#lives}`, schedule, trace },
      dice: this.#dice.named(`process ${this.#lives}`),
      trueUs: this.#clock.trueUs,
      onDeath: (...death) => this.#died(...death),
    });
    this.process = process;
    process.enter(() => this.#boot(process));
  }

  cutPower(): void {
    if (this.process?.isAlive !== true) return;
    this.#isPowerCut = true;
    this.process.die('power cut');
  }

  /** Whether nothing is left to do. Tries again what was set aside, as an operator does. */
  isDone(): boolean {
    const receipts = this.#receipts;
    if (this.process?.isAlive !== true || !receipts || !this.#register) return false;
    const { pending, failed } = receipts.status();
    for (const { application } of failed) void receipts.retry(application);
    const entries = this.#gates.reduce((sum, { disk }) => sum + lastSeq(disk), 0);
    const store = createPortalStore(this.portalDisk.open(this.process));
    const lastPlace = this.#register.lastPlace();
    const isEverythingTold = lastPlace === entries && store.lastPlace() === lastPlace;
    return isEverythingTold && pending === 0 && failed.length === 0;
  }

  #boot(process: SimulatedProcess): void {
    const { evidence, mutant } = this.#world;
    const clock = { nowUs: () => this.#world.schedule.nowUs() };
    const store = openRegister('register', {
      open: (options) => this.registerDisk.open(process, options),
    });
    const portal = createPortalStore(this.portalDisk.open(process), mutant?.isCursorFirst);
    const ledgers = this.#followLedgers(process);
    const proofs = createLogProofs({
      ...{ ledgers, clock, log: noLog },
      signed: (gate) => this.#gates.find(({ name }) => name === gate)?.signed,
    });
    const receipts = createReceipts({
      store: mutant?.receiptRegister?.(store) ?? store,
      workshop: createWorkshop({
        facts: (applications) => {
          if (this.#isTroubled()) throw new Error('the database is locked');
          return applications.map(factsOf);
        },
        proofs: mutant?.proofs?.(proofs) ?? proofs,
        timers: process.timers,
        makers: createReceiptMaker(process, this.#dice, () => this.#isTroubled()),
      }),
      publicUrl: () => 'https://clickday.example',
      log: noLog,
      timers: process.timers,
      nowUs: clock.nowUs,
      made: (applications) => portal.markReceipts(applications),
    });
    const registrar = createRegistrar({
      store,
      clock: { ...clock, read: () => ({ ...NO_READING, nowUs: clock.nowUs() }) },
      timers: process.timers,
      log: noLog,
      receipts,
      ledgers: () => ledgers().map((reader) => mutant?.source?.(reader) ?? reader),
      submissions: {
        lastPlace: portal.lastPlace,
        apply: async (entries) => {
          for (const entry of entries) evidence.applied.push(facts(entry));
          await portal.apply(entries);
        },
      },
    });
    this.#register = store;
    this.#receipts = receipts;
    registrar.start();
  }

  #followLedgers(process: SimulatedProcess): () => readonly LedgerReader[] {
    const open = new Map<string, LedgerReader>();
    return () => {
      for (const { name, disk } of this.#gates) {
        if (open.has(name) || !disk.exists()) continue;
        const options = { path: name, gate: name };
        const reader = openLedgerReader({ ...options, open: () => disk.open(process, READ_ONLY) });
        open.set(name, reader);
      }
      return [...open.values()];
    };
  }

  #isTroubled(): boolean {
    return this.#world.schedule.nowUs() < this.isTroubledUntilUs;
  }

  #died(process: SimulatedProcess, _reason: string, error: unknown): void {
    const { evidence, schedule } = this.#world;
    if (error !== undefined) evidence.uncaught.push(`${process.name}: ${String(error)}`);
    for (const disk of [this.registerDisk, this.portalDisk]) {
      disk.writerDied(process);
      if (this.#isPowerCut) disk.powerCut();
    }
    this.#isPowerCut = false;
    const pauseUs = this.#dice.between(RESTART_US.min, RESTART_US.max);
    schedule.at(schedule.nowUs() + pauseUs, () => this.start());
  }
}

const NO_READING = { uncertaintyUs: 0, sync: 'synchronised' } as const;
const READ_ONLY = { readOnly: true };

function facts({ place, entry }: RegisterEntry) {
  return { place, protocol: protocolNumber(entry) };
}

function lastSeq(disk: SimulatedDisk): number {
  return Number(disk.tableOf('entries').last() ?? 0);
}
