/**
 * A machine with a gate on it: the engine's own gate, ledger and clock, on a simulated disk, date
 * and network, wired as `commands/gate-process.ts` wires them. A supervisor starts it again.
 */
import {
  type Clock,
  createDisciplinedClock,
  ntpSource,
  type Reference,
  type ReferenceMemory,
} from '#engine/clock/index.ts';
import { createGate, type Gate } from '#engine/gate/index.ts';
import { openLedgerReader, openLedgerWriter } from '#engine/ledger/index.ts';
import type { Dice } from './dice.ts';
import { SimulatedDisk } from './disk.ts';
import { createDoor } from './door.ts';
import { createHostClock, type SimulatedHostClock } from './host-clock.ts';
import type { Network } from './network.ts';
import { SimulatedProcess } from './process.ts';
import type { GateSetup } from './scenario.ts';
import { type SignedCheckpoint, startSigner } from './signer.ts';
import type { TimeServers } from './time-servers.ts';
import { noLog, type World } from './world-parts.ts';

export interface GateHostParts {
  readonly world: World;
  readonly network: Network;
  readonly timeServers: TimeServers;
  readonly setup: GateSetup;
}

const RESTART_US = { min: 50_000, max: 1_000_000 } as const;
const BOOT_US = { min: 2_000_000, max: 10_000_000 } as const;

export class GateHost {
  readonly name: string;
  readonly disk: SimulatedDisk;
  readonly clock: SimulatedHostClock;
  process: SimulatedProcess | undefined;
  /** The last checkpoint of its public log, on its disk. */
  signed: SignedCheckpoint | undefined;
  /** Root by size, of all it ever signed. */
  readonly signedRoots = new Map<number, Buffer>();
  readonly #parts: GateHostParts;
  readonly #dice: Dice;
  #gate: Gate | undefined;
  #lives = 0;
  #isPowerCut = false;
  /** What the clock keeps from process to process on one boot. */
  #reference: Reference | undefined;

  constructor(parts: GateHostParts) {
    const { world, setup } = parts;
    this.#parts = parts;
    this.name = setup.name;
    this.#dice = world.dice.named(setup.name);
    const dice = this.#dice.named('disk');
    const flaws = world.mutant?.gateDisk;
    this.disk = new SimulatedDisk(`${this.name}/disk`, { ...world, dice, flaws });
    this.clock = createHostClock(world.schedule, setup);
  }

  start(): void {
    const { world } = this.#parts;
    this.#lives += 1;
    const process = new SimulatedProcess({
      name: `${this.name}#${this.#lives}`,
      ...{ schedule: world.schedule, trace: world.trace },
      dice: this.#dice.named(`process ${this.#lives}`),
      trueUs: this.clock.trueUs,
      onDeath: (...death) => this.#died(...death),
      isLoopReversed: world.mutant?.isLoopReversed ?? false,
    });
    this.process = process;
    this.#boot(process).catch((error: unknown) => process.die('uncaught', error));
  }

  /** SIGTERM: it answers what has its turn, says goodbye, and is started again. */
  endGracefully(): void {
    const { process } = this;
    if (this.#gate === undefined || process === undefined) return;
    const gate = this.#gate;
    this.#gate = undefined;
    process.enter(() => void gate.close().then(() => process.die('ended')));
  }

  /** The machine loses power: nobody says goodbye, and what is not synced is lost. */
  cutPower(): void {
    if (this.process?.isAlive !== true) return;
    this.#isPowerCut = true;
    this.process.die('power cut');
  }

  async #boot(process: SimulatedProcess): Promise<void> {
    const { world, network } = this.#parts;
    const { mutant, papers } = world;
    const disciplined = this.#disciplinedClock(process);
    await disciplined.start();
    const clock = this.#watched(mutant?.clock?.(disciplined, this.clock) ?? disciplined, process);
    const open = (options: { readOnly?: boolean }) => this.disk.open(process, options);
    const ledger = openLedgerWriter({ path: this.name, gate: this.name, open });
    const readOnly = () => this.disk.open(process, { readOnly: true });
    const log = openLedgerReader({ path: this.name, gate: this.name, open: readOnly });
    startSigner(process, log, (signed) => this.#keep(signed));
    const door = createDoor();
    const { files, paths } = papers.filesOf(this.name);
    this.#gate = createGate({
      gate: this.name,
      clock,
      timers: process.timers,
      ledger: mutant?.ledger?.(ledger, clock) ?? ledger,
      ledgerPath: this.name,
      notice: paths,
      noticeFiles: files,
      log: noLog,
      beforeOpening: (opensAtUs) => disciplined.freezeUntil(opensAtUs),
      origins: [],
      onFatal: () => process.die('fatal'),
      measureFreeBytes: () => Promise.resolve(this.disk.freeBytes()),
      app: door.app,
    });
    network.listen(this.name, { process, door });
    world.trace.note(process.name, `serves from number ${ledger.nextSeq()}`);
  }

  #keep(signed: SignedCheckpoint): void {
    this.signed = signed;
    this.signedRoots.set(signed.checkpoint.size, signed.checkpoint.root);
  }

  #disciplinedClock(process: SimulatedProcess) {
    const { world, timeServers } = this.#parts;
    const { timers } = process;
    const dice = this.#dice.named(`time ${this.#lives}`);
    const ask = timeServers.askFrom(this.clock, process, dice);
    const servers = world.mutant?.believesLiar === true ? timeServers.worst() : timeServers.servers;
    const source = ntpSource({ host: this.clock, timers, servers, ask });
    return createDisciplinedClock({
      ...{ host: this.clock, timers, sources: [source], log: noLog, random: dice },
      memory: this.#memory(process),
      ...(world.mutant?.ignoresDoubt === true && { options: { believe: 'servers' } }),
    });
  }

  #memory(process: SimulatedProcess): ReferenceMemory {
    return {
      recall: () => this.#reference,
      keep: (reference) => {
        if (process.isAlive && !this.disk.isFull) this.#reference = reference;
      },
    };
  }

  /** Every reading is compared with true time. */
  #watched(clock: Clock, process: SimulatedProcess): Clock {
    const { evidence } = this.#parts.world;
    return {
      read: () => {
        const reading = clock.read();
        evidence.reading(process.name, this.name, reading);
        return reading;
      },
      nowUs: () => {
        const nowUs = clock.nowUs();
        evidence.reading(process.name, this.name, { nowUs });
        return nowUs;
      },
    };
  }

  #died(process: SimulatedProcess, _reason: string, error: unknown): void {
    const { world, network } = this.#parts;
    if (error !== undefined) world.evidence.uncaught.push(`${process.name}: ${String(error)}`);
    this.#gate = undefined;
    this.disk.writerDied(process);
    if (this.#isPowerCut) {
      this.disk.powerCut();
      this.#reference = undefined;
    }
    network.processDied(process, this.#isPowerCut && this.#dice.chance(0.5));
    const pause = this.#isPowerCut ? BOOT_US : RESTART_US;
    this.#isPowerCut = false;
    const { schedule } = world;
    schedule.at(schedule.nowUs() + this.#dice.between(pause.min, pause.max), () => this.start());
  }
}
