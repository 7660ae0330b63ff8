/**
 * What the clients of a scenario were told, in the order in which it happened to them: one count
 * runs over every sending and every acknowledgement, so that "was acknowledged before the other was
 * sent" is a comparison of two numbers.
 */
export interface Acknowledgement {
  readonly application: string;
  readonly seq: number;
  readonly stamp: string;
  /** Count at its first sending, whatever became of that one. */
  readonly sentAt: number;
  readonly acknowledgedAt: number;
}

export interface Told {
  readonly application: string;
  readonly seq: number;
  readonly stamp: string;
}

export class Book {
  readonly acknowledged = new Map<string, Acknowledgement>();
  /** Applications that were told two different places. */
  readonly contradicted = new Set<string>();
  /** Applications accepted although their last sending was before the opening. */
  readonly early = new Set<string>();
  readonly refusals = new Map<string, number>();
  #opensAtUs: number;
  readonly #sentAt = new Map<string, number>();
  readonly #sentUs = new Map<string, number>();
  #count = 0;
  readonly #waiters = new Set<{ enough: () => boolean; resolve: () => void }>();

  constructor(opensAtUs: number) {
    this.#opensAtUs = opensAtUs;
  }

  /** The opening was moved, before it came. */
  opensAt(us: number): void {
    this.#opensAtUs = us;
  }

  sent(application: string): void {
    this.#count += 1;
    if (!this.#sentAt.has(application)) this.#sentAt.set(application, this.#count);
    this.#sentUs.set(application, Date.now() * 1000 + 999);
  }

  accepted({ application, seq, stamp }: Told): void {
    this.#count += 1;
    const before = this.acknowledged.get(application);
    if (before !== undefined) {
      if (before.seq !== seq || before.stamp !== stamp) this.contradicted.add(application);
      return;
    }
    const sentAt = this.#sentAt.get(application) ?? 0;
    if ((this.#sentUs.get(application) ?? 0) < this.#opensAtUs) this.early.add(application);
    const acknowledgedAt = this.#count;
    this.acknowledged.set(application, { application, seq, stamp, sentAt, acknowledgedAt });
    this.#heard();
  }

  refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
    this.#heard();
  }

  /** Resolves when `enough` holds; looked at whenever something is heard. */
  until(enough: () => boolean): Promise<void> {
    if (enough()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.add({ enough, resolve });
    });
  }

  /** Resolves at the next new acknowledgement, with the milliseconds until then. */
  async untilNext(): Promise<number> {
    const startMs = performance.now();
    const { size } = this.acknowledged;
    await this.until(() => this.acknowledged.size > size);
    return performance.now() - startMs;
  }

  #heard(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.enough()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}
