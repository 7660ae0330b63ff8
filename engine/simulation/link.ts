/**
 * One connection of one device with one gate, from the attempt to its end on both sides.
 *
 * Each end lives for itself: the device may hold for open what the gate knows to be closed, and the
 * other way round. Frames of one direction arrive in order; `isSilent`: nothing arrives any more.
 */
import type { Cancel } from '#engine/clock/index.ts';
import type { ClientSocket, SocketHandlers } from '#mini-client/core/index.ts';
import type { Dice } from './dice.ts';
import type { GateSocket } from './door.ts';
import type { Network } from './network.ts';
import type { SimulatedProcess, Source } from './process.ts';
import type { World } from './world-parts.ts';

/** How long a frame takes. */
export interface Line {
  readonly delayUs: number;
  readonly jitterUs: number;
}

export interface LinkParts {
  readonly world: World;
  readonly network: Network;
  readonly dice: Dice;
  readonly device: string;
  readonly gate: string;
  readonly process: SimulatedProcess;
  readonly line: Line;
  readonly handlers: SocketHandlers;
  /** Both ends are closed. */
  readonly onEnd: () => void;
}

const ABNORMAL = 1006;
const HANDSHAKE_US_MAX = 15_000_000;
/** After this the gate's socket library gives up a peer that says nothing (limits.ts). */
const GATE_SILENCE_US_MAX = 120_000_000;
const NOTICED_US_MAX = 2_000_000;

export class Link implements ClientSocket, Source {
  readonly device: string;
  readonly gate: string;
  readonly #parts: LinkParts;
  #device: 'connecting' | 'open' | 'closed' = 'connecting';
  #socket: GateSocket | undefined;
  #gateProcess: SimulatedProcess | undefined;
  #isSilent = false;
  #arrived: (() => void)[] = [];
  #lastAtGateUs = 0;
  #lastAtDeviceUs = 0;
  #cancelHandshake: Cancel = () => undefined;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.device = parts.device;
    this.gate = parts.gate;
    this.#connect();
  }

  // ── The device's end ──────────────────────────────────────────────────────────────────────────

  send(text: string): void {
    const { process, world } = this.#parts;
    if (this.#device !== 'open' || !process.effect('send')) return;
    world.trace.note(this.device, `→ ${this.gate} ${text}`);
    const arrived = world.evidence.clientFrame(this.device, this.gate, text);
    this.#toGate(() => this.#socket?.received(text), arrived);
  }

  close(code: number): void {
    if (!this.#parts.process.effect('close')) return;
    this.#toGate(() => this.#socket?.closed(code));
    this.#closeDevice(code, '', this.#delayUs());
  }

  terminate(): void {
    if (!this.#parts.process.effect('terminate')) return;
    this.#toGate(() => this.#socket?.closed(ABNORMAL));
    this.#closeDevice(ABNORMAL, '', 0);
  }

  #connect(): void {
    const { process, world, network, handlers } = this.#parts;
    const nowUs = world.schedule.nowUs();
    const thereUs = nowUs + this.#delayUs();
    this.#cancelHandshake = process.at(nowUs + HANDSHAKE_US_MAX, () =>
      this.#closeDevice(ABNORMAL, 'the handshake took too long', 0),
    );
    if (network.isUnreachable(this.gate)) return;
    world.schedule.at(thereUs, () => {
      const listener = network.listener(this.gate);
      if (listener === undefined) return this.#closeDevice(ABNORMAL, 'refused', this.#delayUs());
      this.#gateProcess = listener.process;
      this.#arrives(() => {
        this.#socket = listener.door.accept(this);
        this.#toDevice(() => {
          this.#cancelHandshake();
          if (this.#device !== 'connecting') return;
          this.#device = 'open';
          handlers.opened();
        });
      });
    });
  }

  /** The device hears of it in `us`, once. */
  #closeDevice(code: number, reason: string, us: number): void {
    if (this.#device === 'closed') return;
    this.#device = 'closed';
    this.#cancelHandshake();
    const { process, world, handlers } = this.#parts;
    process.at(world.schedule.nowUs() + us, () => handlers.closed(code, reason));
    this.#endIfOver();
  }

  // ── The gate's end ────────────────────────────────────────────────────────────────────────────

  take(): (() => void)[] {
    return this.#arrived.splice(0);
  }

  /** The gate sends a frame. */
  sendToDevice(text: string): void {
    const { world, handlers } = this.#parts;
    if (this.#gateProcess?.effect('send') !== true) return;
    world.trace.note(this.gate, `→ ${this.device} ${text}`);
    world.evidence.gateFrame(this.gate, this.device, text);
    this.#toDevice(() => {
      if (this.#device === 'open') handlers.received(text);
    });
  }

  /** The gate's end is closed: by the gate, or because it heard of the device's. */
  gateClosed(code: number, reason: string): void {
    if (this.#gateProcess?.effect('close') === true) {
      this.#toDevice(() => this.#closeDevice(code, reason, 0));
    }
    this.#endIfOver();
  }

  // ── Trouble ───────────────────────────────────────────────────────────────────────────────────

  /** What is under way is lost; both ends hear of it sooner or later. */
  breakOff(): void {
    if (this.#isSilent) return;
    this.#isSilent = true;
    const { dice } = this.#parts;
    this.#closeDevice(ABNORMAL, 'broken', dice.integer(NOTICED_US_MAX));
    this.#closeGate(dice.integer(NOTICED_US_MAX));
  }

  /** Nothing arrives any more, and nobody is told. */
  fallSilent(): void {
    if (this.#isSilent) return;
    this.#isSilent = true;
    this.#closeGate(GATE_SILENCE_US_MAX);
  }

  processDied(process: SimulatedProcess, isSilent: boolean): void {
    if (process === this.#parts.process) {
      this.#device = 'closed';
      this.#cancelHandshake();
      this.#isSilent = true;
      this.#closeGate(isSilent ? GATE_SILENCE_US_MAX : this.#delayUs());
    } else if (process === this.#gateProcess) {
      this.#socket = undefined;
      this.#isSilent = true;
      if (!isSilent) this.#closeDevice(ABNORMAL, 'the gate is gone', this.#delayUs());
    }
    this.#endIfOver();
  }

  #closeGate(us: number): void {
    const { schedule } = this.#parts.world;
    schedule.at(schedule.nowUs() + us, () => this.#arrives(() => this.#socket?.closed(ABNORMAL)));
  }

  // ── The way ───────────────────────────────────────────────────────────────────────────────────

  #delayUs(): number {
    const { dice, line } = this.#parts;
    return line.delayUs + dice.integer(line.jitterUs + 1);
  }

  /** `arrived` is called when it lies in the gate's kernel, `reading` when the gate reads it. */
  #toGate(reading: () => void, arrived: () => void = () => undefined): void {
    const { schedule } = this.#parts.world;
    this.#lastAtGateUs = Math.max(this.#lastAtGateUs, schedule.nowUs() + this.#delayUs());
    schedule.at(this.#lastAtGateUs, () => {
      if (this.#isSilent) return;
      arrived();
      this.#arrives(reading);
    });
  }

  /** Into the kernel of the gate's machine. */
  #arrives(reading: () => void): void {
    this.#arrived.push(reading);
    this.#gateProcess?.ready(this);
  }

  #toDevice(arrival: () => void): void {
    const { process, world } = this.#parts;
    this.#lastAtDeviceUs = Math.max(this.#lastAtDeviceUs, world.schedule.nowUs() + this.#delayUs());
    process.at(this.#lastAtDeviceUs, () => {
      if (!this.#isSilent) arrival();
    });
  }

  #endIfOver(): void {
    if (this.#device === 'closed' && this.#socket?.isOpen !== true) this.#parts.onEnd();
  }
}
