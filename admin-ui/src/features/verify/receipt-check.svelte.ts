/**
 * The check of one file after the other, in this browser: the file is read here and goes nowhere.
 * What is fetched are the portal's keys and, on demand, the gate's public log. The checking code
 * (curves, PDF) is loaded when the first file is chosen.
 */
import type { ReadLog, TrustedKeys, Verdict } from '#protocol/receipt/index.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';

export class ReceiptCheck {
  fileName = $state('');
  verdict = $state.raw<Verdict | null>(null);
  /** What the comparison with the log of today came to. */
  history = $state.raw<Verdict | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  busy = $state(false);
  readonly #api: ApiClient;
  #keys: TrustedKeys | undefined;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** A file chosen while another is being checked is let go. */
  async check(file: File): Promise<void> {
    await this.#run(async () => {
      this.verdict = null;
      this.history = null;
      this.fileName = file.name;
      const { RECEIPT_BYTES_MAX, verifyReceipt } = await import('#protocol/receipt/index.ts');
      const start = await file.slice(0, RECEIPT_BYTES_MAX + 1).arrayBuffer();
      this.verdict = await verifyReceipt(new Uint8Array(start), await this.#trusted());
    });
  }

  /** Whether the log that the gate shows now begins with what the receipt proves. */
  async compare(): Promise<void> {
    const { verdict } = this;
    if (!verdict?.genuine) return;
    await this.#run(async () => {
      this.history = null;
      const { addHistory } = await import('#protocol/receipt/index.ts');
      const read = await this.#logCalled(verdict.facts.checkpoint.origin);
      this.history = await addHistory(verdict, await this.#trusted(), read);
    });
  }

  async #run(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.busy = false;
    }
  }

  async #trusted(): Promise<TrustedKeys> {
    const { readTrustedKeys } = await import('#protocol/receipt/index.ts');
    this.#keys ??= readTrustedKeys(await this.#api.verificationKeys());
    if (this.#keys === undefined) throw new TypeError('the portal gave no keys');
    return this.#keys;
  }

  /** The log of that name, at whichever gate shows it. */
  async #logCalled(origin: string): Promise<ReadLog> {
    for (const gate of await this.#api.gates()) {
      const checkpoint = await this.#api.publicLog(gate, 'checkpoint');
      const [name] = new TextDecoder().decode(checkpoint).split('\n');
      if (name === origin) return (path) => this.#api.publicLog(gate, path);
    }
    return async () => undefined;
  }
}
