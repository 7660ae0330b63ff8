/** A sender that submits until it is stopped or its gate is gone, and remembers the answers. */
import { ForeignClient, type GateMessage } from '#test/support/foreign-client.ts';
import type { FixtureAccount } from '#test/support/system.ts';

const IN_FLIGHT = 8;

export class RestlessClient {
  /** By application. */
  readonly acknowledged = new Map<string, GateMessage>();
  /** When each acknowledgement was heard, milliseconds of `performance.now()`. */
  readonly heardAtMs = new Map<string, number>();
  #isStopped = false;

  /** Submits all applications of the account, once each, as fast as they are answered. */
  async run(url: string, account: FixtureAccount): Promise<void> {
    const connection = await ForeignClient.connect(url);
    await connection.hello(account.passbooks);
    const open = [...account.applications];
    while (!this.#isStopped && connection.closeCode === undefined && open.length > 0) {
      for (const outcome of await connection.submit(open.splice(0, IN_FLIGHT))) this.#keep(outcome);
    }
    connection.close();
  }

  stop(): void {
    this.#isStopped = true;
  }

  #keep(outcome: GateMessage): void {
    if (outcome.type !== 'accepted' || outcome.application === undefined) return;
    this.acknowledged.set(outcome.application, outcome);
    this.heardAtMs.set(outcome.application, performance.now());
  }
}
