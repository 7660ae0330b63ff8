/**
 * A device that knows no manners: a foreign client that sends before the opening, the same frame
 * twice, again and again, most of all around the opening, with a mark of its own in each frame.
 * What gets in early, or twice, it gets in through this one.
 */
import type { Cancel } from '#engine/clock/index.ts';
import type { ClientSocket } from '#mini-client/core/index.ts';
import type { Device } from './device.ts';
import type { Dice } from './dice.ts';
import type { Network } from './network.ts';
import { SimulatedProcess } from './process.ts';
import type { DeviceSetup } from './scenario.ts';
import type { World } from './world-parts.ts';

const NORMAL = 1000;
const CALM_MS = { min: 300, max: 1500 } as const;
const HOT_MS = { min: 1, max: 12 } as const;
const HOT_AROUND_US = 40_000;
/** So long before the closing. */
const LATE_US = 2_000_000;
const RECONNECT_MS = { min: 100, max: 1500 } as const;
const SILENCE_US_MAX = 10_000_000;
const RETRYABLE = new Set([
  'TOO_EARLY',
  'OVERLOADED',
  'RATE_LIMITED',
  'STORAGE_UNAVAILABLE',
  'SUSPENDED',
]);

export class HammerDevice implements Device {
  readonly name: string;
  readonly setup: DeviceSetup;
  readonly journal = undefined;
  process: SimulatedProcess | undefined;
  readonly #world: World;
  readonly #network: Network;
  readonly #dice: Dice;
  readonly #open: Set<string>;
  #lives = 0;
  #frames = 0;
  #gate = 0;
  #heardAtUs = 0;
  #socket: ClientSocket | undefined;
  #cancelBeat: Cancel = () => undefined;

  constructor(world: World, network: Network, setup: DeviceSetup) {
    this.#world = world;
    this.#network = network;
    this.setup = setup;
    this.name = setup.name;
    this.#dice = world.dice.named(this.name);
    this.#open = new Set(setup.applications);
  }

  get isDone(): boolean {
    return this.#open.size === 0;
  }

  start(): void {
    this.#lives += 1;
    const { schedule, trace, evidence } = this.#world;
    this.process = new SimulatedProcess({
      ...{ name: `${this.name}#${this.#lives}`, schedule, trace },
      dice: this.#dice.named(`process ${this.#lives}`),
      trueUs: (us) => us,
      onDeath: (process, _reason, error) => {
        if (error !== undefined) evidence.uncaught.push(`${process.name}: ${String(error)}`);
        this.#network.processDied(process, false);
        const pauseUs = this.#dice.between(100_000, 2_000_000);
        schedule.at(schedule.nowUs() + pauseUs, () => this.start());
      },
    });
    this.#connect(this.process);
  }

  #connect(process: SimulatedProcess): void {
    if (this.isDone) return;
    const { scenario, papers, schedule } = this.#world;
    const gate = scenario.gates[this.#gate % scenario.gates.length]?.name ?? '';
    const { account, applications, line } = this.setup;
    const url = this.#network.url(gate);
    this.#heardAtUs = schedule.nowUs();
    const socket = this.#network.connect(
      { device: this.name, process, line, url },
      {
        opened: () => {
          const passbooks = [papers.passbook(account, applications)];
          socket.send(JSON.stringify({ type: 'hello', passbooks }));
        },
        received: (text) => this.#heard(process, JSON.parse(text) as Record<string, string>),
        closed: () => {
          this.#cancelBeat();
          this.#gate += 1;
          const pauseMs = this.#dice.between(RECONNECT_MS.min, RECONNECT_MS.max);
          process.timers.after(pauseMs, () => this.#connect(process));
        },
      },
    );
    this.#socket = socket;
    this.#watch(process, socket);
  }

  /** Hangs up when nothing was heard for too long. */
  #watch(process: SimulatedProcess, socket: ClientSocket): void {
    process.timers.after(SILENCE_US_MAX / 1000, () => {
      if (this.#socket !== socket) return;
      const isSilent = this.#world.schedule.nowUs() - this.#heardAtUs >= SILENCE_US_MAX;
      if (isSilent) socket.terminate();
      else this.#watch(process, socket);
    });
  }

  #heard(process: SimulatedProcess, frame: Record<string, string>): void {
    this.#heardAtUs = this.#world.schedule.nowUs();
    const { type, application = '', code = '', protocol = '' } = frame;
    if (type === 'welcome') this.#beat(process);
    const isFinal = type === 'accepted' || (type === 'rejected' && !RETRYABLE.has(code));
    if (!isFinal || !this.#open.delete(application)) return;
    const kind = type === 'accepted' ? 'accepted' : 'rejected';
    const atUs = this.#heardAtUs;
    const told = { atUs, device: this.name, application, kind, isJournaled: false } as const;
    this.#world.evidence.announced.push({ ...told, text: type === 'accepted' ? protocol : code });
  }

  /** Sends something, and comes back: in a hurry around the opening. */
  #beat(process: SimulatedProcess): void {
    const { schedule, scenario } = this.#world;
    const nowUs = schedule.nowUs();
    if (this.isDone) {
      this.#socket?.close(NORMAL, '');
      return;
    }
    for (const application of this.#due(nowUs)) {
      const times = this.#dice.chance(0.3) ? 2 : 1;
      for (let time = 0; time < times; time += 1) this.#submit(application);
    }
    const instants = [scenario.opensAtUs, scenario.closesAtUs];
    const isHot = instants.some((us) => Math.abs(nowUs - us) < HOT_AROUND_US);
    const pace = isHot ? HOT_MS : CALM_MS;
    const pauseMs = this.#dice.between(pace.min, pace.max);
    const untilHotMs = instants.map((us) => (us - HOT_AROUND_US - nowUs) / 1000);
    const nextMs = Math.min(pauseMs, ...untilHotMs.filter((ms) => ms > 0).map((ms) => ms + 1));
    this.#cancelBeat = process.timers.after(nextMs, () => this.#beat(process));
  }

  /** All at once before the opening; one after the other before the closing. */
  #due(nowUs: number): readonly string[] {
    const isLate = nowUs > this.#world.scenario.closesAtUs - LATE_US;
    return [...this.#open].slice(0, isLate ? 1 : undefined);
  }

  #submit(application: string): void {
    this.#frames += 1;
    const ref = `${this.#lives}.${this.#frames}`;
    this.#socket?.send(JSON.stringify({ type: 'submit', application, ref }));
  }
}
