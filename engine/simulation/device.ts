/**
 * A device of an applicant: the real core of the mini-client with a journal on a simulated disk. It
 * is killed and started again with the same journal, until every application has an outcome.
 */
import { createSender, openJournal, type SenderEvent } from '#mini-client/core/index.ts';
import type { Dice } from './dice.ts';
import { createHostClock, type SimulatedHostClock } from './host-clock.ts';
import { createJournal, type SimulatedJournal } from './journal-file.ts';
import type { Network } from './network.ts';
import { SimulatedProcess } from './process.ts';
import type { DeviceSetup } from './scenario.ts';
import type { World } from './world-parts.ts';

/** What the world and the faults know of a device. */
export interface Device {
  readonly name: string;
  readonly setup: DeviceSetup;
  /** Undefined before it is switched on. */
  readonly process: SimulatedProcess | undefined;
  readonly isDone: boolean;
  /** Undefined when it keeps none. */
  readonly journal: SimulatedJournal | undefined;
  start(): void;
}

const RESTART_US = { min: 100_000, max: 4_000_000 } as const;
const CONNECT_WITHIN_MS = 500;

export class MiniClientDevice implements Device {
  readonly name: string;
  readonly setup: DeviceSetup;
  readonly journal: SimulatedJournal;
  process: SimulatedProcess | undefined;
  isDone = false;
  readonly #world: World;
  readonly #network: Network;
  readonly #dice: Dice;
  readonly #clock: SimulatedHostClock;
  #lives = 0;

  constructor(world: World, network: Network, setup: DeviceSetup) {
    this.#world = world;
    this.#network = network;
    this.setup = setup;
    this.name = setup.name;
    this.#dice = world.dice.named(this.name);
    const { schedule, mutant } = world;
    this.#clock = createHostClock(schedule, setup);
    const dice = this.#dice.named('journal');
    this.journal = createJournal({ schedule, dice, isLazy: mutant?.isJournalLazy ?? false });
  }

  start(): void {
    if (this.isDone) return;
    this.#lives += 1;
    const { schedule, trace } = this.#world;
    const process = new SimulatedProcess({
      ...{ name: `${this.name}#${this.#lives}`, schedule, trace },
      dice: this.#dice.named(`process ${this.#lives}`),
      trueUs: this.#clock.trueUs,
      onDeath: (...death) => this.#died(...death),
    });
    this.process = process;
    process.enter(() => this.#send(process));
  }

  #send(process: SimulatedProcess): void {
    const { papers, scenario, mutant } = this.#world;
    const { account, applications, line } = this.setup;
    const sender = createSender({
      applications,
      passbooks: [papers.passbook(account, applications)],
      gates: scenario.gates.map(({ name }) => this.#network.url(name)),
      journal: openJournal(this.journal.open(process)),
      openSocket: (url, handlers) =>
        this.#network.connect({ device: this.name, process, line, url }, handlers),
      clock: { nowUs: () => Math.floor(this.#clock.monotonicUs()) },
      timers: process.timers,
      random: this.#dice.named(`sender ${this.#lives}`),
      options: { connectWithinMs: CONNECT_WITHIN_MS },
      onEvent: (event) => {
        if (!process.isAlive) return;
        this.#heard(event);
        if (mutant?.givesUp === true && event.event === 'disconnected') sender.stop();
      },
    });
    sender.start();
    void sender.finished.then(() => {
      if (!process.effect('finished')) return;
      this.isDone = true;
    });
  }

  #heard(event: SenderEvent): void {
    const { evidence, trace } = this.#world;
    if (event.event !== 'accepted' && event.event !== 'rejected') return;
    const isAccepted = event.event === 'accepted';
    const text = isAccepted ? event.message.protocol : event.code;
    trace.note(this.name, `tells of ${event.application}: ${text}`);
    evidence.announced.push({
      ...{ device: this.name, application: event.application, kind: event.event, text },
      atUs: this.#world.schedule.nowUs(),
      isJournaled: isAccepted && event.isJournaled,
    });
  }

  #died(process: SimulatedProcess, _reason: string, error: unknown): void {
    const { evidence, schedule } = this.#world;
    if (error !== undefined) evidence.uncaught.push(`${process.name}: ${String(error)}`);
    this.journal.writerDied();
    this.#network.processDied(process, this.#dice.chance(0.3));
    const pauseUs = this.#dice.between(RESTART_US.min, RESTART_US.max);
    schedule.at(schedule.nowUs() + pauseUs, () => this.start());
  }
}
