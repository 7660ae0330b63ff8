/** The bench's hold on a thread of the swarm: orders go in, reports come out, none is missed. */
import { Worker } from 'node:worker_threads';
import type { SwarmShare } from '#bench/drivers/swarm.ts';
import type { ThreadOrder, ThreadReport } from '#bench/drivers/swarm-thread.ts';

const PROGRAM = new URL('./swarm-thread.ts', import.meta.url);

type Kind = ThreadReport['kind'];
type Report<K extends Kind> = Extract<ThreadReport, { kind: K }>;

export class Thread {
  readonly #worker: Worker;
  readonly #reports: ThreadReport[] = [];
  #death: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(share: SwarmShare) {
    this.#worker = new Worker(PROGRAM, { workerData: share });
    this.#worker.on('message', (report: ThreadReport) => {
      this.#reports.push(report);
      this.#wake();
    });
    this.#worker.once('error', (cause) => {
      this.#death = new Error('a thread of the swarm died', { cause });
      this.#wake();
    });
  }

  order(order: ThreadOrder): void {
    this.#worker.postMessage(order);
  }

  /** The next report, which must be of this kind. Rejects when the thread died instead. */
  async next<K extends Kind>(kind: K): Promise<Report<K>> {
    while (this.#reports.length === 0) {
      if (this.#death) throw this.#death;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const report = this.#reports.shift()!;
    if (report.kind !== kind) throw new Error(`a thread said ${report.kind} instead of ${kind}`);
    return report as Report<K>;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
