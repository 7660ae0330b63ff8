/**
 * A load that lasts while gate processes come and go: one data directory, one address, one book of
 * what was told, and clients that connect again to whatever serves there.
 */
import { dayAt } from '#bench/fairness/papers.ts';
import { Book } from './book.ts';
import { type GateAlone, type GateAloneOptions, startGate } from './gate-alone.ts';
import { judged } from './judge.ts';
import { finished, type LoadClient, startLoad, stopLoad } from './load-client.ts';
import { chanceOf } from './random.ts';
import { type Play, summed } from './scenario.ts';
import { FAULT_DAY, openStage, type Stage, type StageOptions } from './stage.ts';

/** An opening that is far away, until `openIn` moves it. */
export const FAR_MS = 3_600_000;

export class Siege {
  readonly stage: Stage;
  readonly book: Book;
  clients: readonly LoadClient[] = [];
  readonly #play: Play;
  readonly #inFlight: number;
  #port = 0;

  constructor(play: Play, options: StageOptions & { readonly inFlight?: number }) {
    this.#play = play;
    this.#inFlight = options.inFlight ?? 4;
    this.stage = openStage(play.scope, options);
    this.book = new Book(this.stage.opensAtUs);
  }

  /**
   * Starts a gate on the address of the one before, and the load when it is the first, unless the
   * scenario brings its own.
   */
  async gate(
    options: Omit<GateAloneOptions, 'data' | 'port'> & { readonly isLoaded?: boolean } = {},
  ): Promise<GateAlone> {
    const place = { data: this.stage.data, port: this.#port };
    const gate = await startGate(this.#play.scope, { ...place, ...options });
    this.#port = gate.port;
    if (this.clients.length === 0 && options.isLoaded !== false) this.#attack();
    return gate;
  }

  /**
   * Moves the opening so many milliseconds from now: once gate and clients are ready, however long
   * this machine took for that. Gives its instant in milliseconds.
   */
  openIn(ms: number): number {
    const opensAtMs = Date.now() + ms;
    this.stage.portal.lay(this.stage.data, [dayAt(FAULT_DAY, opensAtMs * 1_000)]);
    this.book.opensAt(opensAtMs * 1_000);
    return opensAtMs;
  }

  #attack(): void {
    this.clients = startLoad(this.stage.accounts, {
      url: () => `ws://127.0.0.1:${this.#port}/v1/submissions`,
      book: this.book,
      chance: chanceOf(this.#play.seed),
      inFlight: this.#inFlight,
    });
  }

  /** Resolves when `count` more are acknowledged, or the gate has ended. */
  async acknowledged(count: number, gate: GateAlone): Promise<void> {
    const enough = this.book.acknowledged.size + count;
    await Promise.race([
      this.book.until(() => this.book.acknowledged.size >= enough),
      gate.ended,
      finished(this.clients).then(() => {
        throw new Error('the applications of this scenario did not suffice');
      }),
    ]);
  }

  /** Stops the load and judges; a gate must serve meanwhile, or nothing be in flight. */
  async end() {
    await stopLoad(this.clients);
    return this.judged();
  }

  async judged() {
    return summed([await judged(this.stage.data, this.book)]);
  }
}
