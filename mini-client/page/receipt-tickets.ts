/**
 * A receipt opens with one click in the browser's own viewer, which sends no header of ours: so the
 * page asks for a ticket, an address that nobody can guess and that is good for some minutes.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { ClientClock } from '../core/index.ts';
import { secret } from './guard.ts';

const GOOD_US = 10 * 60_000_000;
const TICKETS_MAX = 200;

export class ReceiptTickets {
  readonly #tickets = new Map<string, { readonly path: string; readonly untilUs: number }>();
  readonly #clock: ClientClock;

  constructor(clock: ClientClock) {
    this.#clock = clock;
  }

  /** A new ticket for a file; undefined when it is not there. The oldest give way. */
  issue(path: string): string | undefined {
    if (!existsSync(path)) return undefined;
    const ticket = secret();
    this.#tickets.set(ticket, { path, untilUs: this.#clock.nowUs() + GOOD_US });
    const [oldest] = this.#tickets.keys();
    if (this.#tickets.size > TICKETS_MAX && oldest !== undefined) this.#tickets.delete(oldest);
    return ticket;
  }

  /** The file of a ticket that is still good. */
  read(ticket: string): Uint8Array | undefined {
    const found = this.#tickets.get(ticket);
    if (found === undefined || found.untilUs < this.#clock.nowUs()) return undefined;
    return readFileSync(found.path);
  }
}
