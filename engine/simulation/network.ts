/**
 * The network of the simulated world: connections between devices and gates, each in order (TCP),
 * and nothing in order between two of them. A frame waits in the gate's kernel until its process
 * reads it, a pass at a time.
 *
 * What goes wrong: a connection breaks (what is under way is lost, both ends hear of it sooner or
 * later), is half-open (nobody hears of anything), or a whole gate cannot be reached.
 */
import type { SocketHandlers } from '#mini-client/core/index.ts';
import type { Dice } from './dice.ts';
import type { Door } from './door.ts';
import { type Line, Link } from './link.ts';
import type { SimulatedProcess } from './process.ts';
import type { World } from './world-parts.ts';

/** Who is called when a device connects. */
interface Listener {
  readonly process: SimulatedProcess;
  readonly door: Door;
}

const SCHEME = 'sim://';

export class Network {
  readonly #world: World;
  readonly #dice: Dice;
  readonly #listeners = new Map<string, Listener>();
  readonly #unreachableUntilUs = new Map<string, number>();
  readonly #links = new Set<Link>();

  constructor(world: World) {
    this.#world = world;
    this.#dice = world.dice.named('network');
  }

  url(gate: string): string {
    return `${SCHEME}${gate}`;
  }

  listen(gate: string, listener: Listener): void {
    this.#listeners.set(gate, listener);
  }

  listener(gate: string): Listener | undefined {
    const listener = this.#listeners.get(gate);
    return listener?.process.isAlive === true ? listener : undefined;
  }

  isUnreachable(gate: string): boolean {
    return (this.#unreachableUntilUs.get(gate) ?? 0) > this.#world.schedule.nowUs();
  }

  connect(
    options: { device: string; process: SimulatedProcess; line: Line; url: string },
    handlers: SocketHandlers,
  ): Link {
    const gate = options.url.slice(SCHEME.length);
    const link = new Link({
      ...options,
      gate,
      handlers,
      world: this.#world,
      network: this,
      dice: this.#dice,
      onEnd: () => void this.#links.delete(link),
    });
    this.#links.add(link);
    return link;
  }

  /** Nobody reaches the gate, nor hears of it, until then. */
  cutOff(gate: string, untilUs: number): void {
    this.#unreachableUntilUs.set(gate, untilUs);
    for (const link of this.#links) if (link.gate === gate) link.breakOff();
  }

  /** One connection of the device breaks, or becomes half-open. */
  trouble(device: string, kind: 'break' | 'half-open'): void {
    for (const link of this.#links) {
      if (link.device !== device) continue;
      if (kind === 'break') link.breakOff();
      else link.fallSilent();
    }
  }

  /** @param isSilent the machine is gone: nobody says goodbye */
  processDied(process: SimulatedProcess, isSilent: boolean): void {
    for (const link of [...this.#links]) link.processDied(process, isSilent);
  }
}
