/** A sender that submits until it is stopped or its gate is gone, and remembers the answers. */
import { setTimeout as rest } from 'node:timers/promises';
import { ForeignClient, type GateMessage } from '#test/support/foreign-client.ts';
import type { FixtureAccount } from '#test/support/system.ts';

const IN_FLIGHT = 8;

export class RestlessClient {
  /** By application. */
  readonly acknowledged = new Map<string, GateMessage>();
  /** When each acknowledgement was heard, milliseconds of `performance.now()`. */
  readonly heardAtMs = new Map<string, number>();
  #isStopped = false;

  /** Submits all applications of the account, once each; with rests the load lasts longer. */
  async run(url: string, account: FixtureAccount, restMs = 0): Promise<void> {
    const connection = await ForeignClient.connect(url);
    await connection.hello(account.passbooks);
    const open = [...account.applications];
    while (!this.#isStopped && connection.closeCode === undefined && open.length > 0) {
      const next = open.splice(0, restMs === 0 ? IN_FLIGHT : 1);
      for (const outcome of await connection.submit(next)) this.#keep(outcome);
      if (restMs > 0) await rest(restMs);
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
