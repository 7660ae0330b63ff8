/**
 * What an acknowledgement is worth when processes die: SIGKILL to the gate under load loses and
 * doubles nothing, and SIGKILL to the portal does not even slow the gate.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ForeignClient, type GateMessage } from '#test/support/foreign-client.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { workshopOf } from '#test/support/processes.ts';
import {
  eventually,
  exportedLedger,
  type FixtureAccount,
  fixture,
  pidOfRole,
  receiptCounts,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
  verified,
} from '#test/support/system.ts';

const IN_FLIGHT = 8;

/** Submits all of an account's applications, through every loss of the connection. */
class StubbornClient {
  readonly acknowledged = new Map<string, GateMessage>();
  connections = 0;
  readonly #url: string;
  readonly #account: FixtureAccount;
  readonly #onAcknowledged: () => void;

  constructor(options: { url: string; account: FixtureAccount; onAcknowledged?: () => void }) {
    this.#url = options.url;
    this.#account = options.account;
    this.#onAcknowledged = options.onAcknowledged ?? (() => {});
  }

  async run(): Promise<void> {
    while (this.#open().length > 0) {
      const connection = await this.#connect();
      this.connections += 1;
      while (connection.closeCode === undefined && this.#open().length > 0) {
        const outcomes = await connection.submit(this.#open().slice(0, IN_FLIGHT));
        for (const outcome of outcomes) this.#keep(outcome);
      }
      connection.close();
    }
  }

  #open(): string[] {
    return this.#account.applications.filter((one) => !this.acknowledged.has(one));
  }

  #keep(outcome: GateMessage) {
    if (outcome.type !== 'accepted' || outcome.application === undefined) return;
    this.acknowledged.set(outcome.application, outcome);
    this.#onAcknowledged();
  }

  async #connect(): Promise<ForeignClient> {
    let connection: ForeignClient | undefined;
    await eventually('the gate is back', PATIENCE_MS, async () => {
      connection = await ForeignClient.connect(this.#url).catch(() => undefined);
      if (connection === undefined) return false;
      return (await connection.hello(this.#account.passbooks)) !== undefined;
    });
    return connection!;
  }
}

async function prepared(options: { roles: string; accounts: number; applications: number }) {
  const data = join(temporaryDirectory(), 'data');
  const { accounts: count, applications, roles } = options;
  const accounts = await fixture({
    data,
    accounts: count,
    applications,
    words: ['--opens-in', '0'],
  });
  const system = await runningSystem({ data, words: ['--roles', roles] });
  return { data, accounts, system, url: submissionsUrl(system) };
}

/** Every acknowledgement is an entry with the same number and stamp; numbers have no gap. */
async function expectKept(data: string, clients: readonly StubbornClient[]) {
  const ledger = await exportedLedger(data);
  const entries = new Map(ledger.map((row) => [row.application, row]));
  for (const client of clients) {
    for (const [application, { seq, stamp }] of client.acknowledged) {
      expect(entries.get(application)).toMatchObject({ seq, stamp });
    }
  }
  expect(ledger.map((row) => row.seq)).toEqual(ledger.map((_, at) => at + 1));
  expect(entries.size).toBe(ledger.length);
  return ledger;
}

function kill(pid: number | undefined) {
  if (pid === undefined) throw new Error('there is no such process');
  process.kill(pid, 'SIGKILL');
}

describe('SIGKILL to the gate under load', () => {
  it('loses, doubles and renumbers nothing', async () => {
    const APPLICATIONS = 4_000;
    const { data, accounts, system, url } = await prepared({
      roles: 'gate',
      accounts: 40,
      applications: APPLICATIONS,
    });
    let count = 0;
    const killAfter = [300, 1_500];
    const onAcknowledged = () => {
      count += 1;
      if (count !== killAfter[0]) return;
      killAfter.shift();
      kill(pidOfRole(system, 'gate'));
    };
    const clients = accounts.map((account) => new StubbornClient({ url, account, onAcknowledged }));
    await Promise.all(clients.map((client) => client.run()));

    expect(killAfter).toEqual([]);
    expect(clients.some((client) => client.connections > 2)).toBe(true);
    const ledger = await expectKept(data, clients);
    expect(ledger).toHaveLength(APPLICATIONS);
    expect((await verified(data)).status).toBe(0);
  });
});

describe('SIGKILL to the portal', () => {
  it('changes no acknowledgement, and the receipts catch up', async () => {
    const APPLICATIONS = 400;
    const { data, accounts, system, url } = await prepared({
      roles: 'portal,gate',
      accounts: 20,
      applications: APPLICATIONS,
    });
    const gate = pidOfRole(system, 'gate');
    const portal = pidOfRole(system, 'portal');
    let count = 0;
    const onAcknowledged = () => {
      count += 1;
      if (count === 50) kill(portal);
    };
    const clients = accounts.map((account) => new StubbornClient({ url, account, onAcknowledged }));
    await Promise.all(clients.map((client) => client.run()));

    expect(clients.every((client) => client.connections === 1)).toBe(true);
    expect(pidOfRole(system, 'gate')).toBe(gate);
    await expectKept(data, clients);
    const areMade = async () => (await receiptCounts(system)).made === APPLICATIONS;
    await eventually('every receipt is made', PATIENCE_MS, areMade);
    const { status, stdout } = await verified(data);
    expect(status).toBe(0);
    expect(stdout).toContain(`"made":${APPLICATIONS}`);
    expect(pidOfRole(system, 'portal')).not.toBe(portal);
  });
});

describe('SIGKILL to the workshop of receipts', () => {
  it('is noticed by nobody, and another makes every receipt', async () => {
    const APPLICATIONS = 400;
    const { data, accounts, system, url } = await prepared({
      roles: 'portal,gate',
      accounts: 20,
      applications: APPLICATIONS,
    });
    const [gate, portal] = [pidOfRole(system, 'gate'), pidOfRole(system, 'portal')];
    const clients = accounts.map((account) => new StubbornClient({ url, account }));
    const sent = Promise.all(clients.map((client) => client.run()));
    await eventually(
      'there is a workshop',
      PATIENCE_MS,
      () => workshopOf(system.pid) !== undefined,
      5,
    );
    const first = workshopOf(system.pid)!;
    process.kill(first, 'SIGSTOP'); // it starts for longer than this takes
    await sent;
    const isWaiting = async () => (await receiptCounts(system)).pending === APPLICATIONS;
    await eventually('every receipt waits', PATIENCE_MS, isWaiting);
    kill(first);
    const someMade = async () => (await receiptCounts(system)).made > 0;
    await eventually('receipts are made', PATIENCE_MS, someMade, 5);
    kill(workshopOf(system.pid)); // amidst its work, or just after it
    const areMade = async () => (await receiptCounts(system)).made === APPLICATIONS;
    await eventually('every receipt is made', PATIENCE_MS, areMade);

    expect(workshopOf(system.pid)).not.toBe(first);
    expect(await receiptCounts(system)).toMatchObject({ pending: 0, failed: 0 });
    expect(clients.every((client) => client.connections === 1)).toBe(true);
    expect([pidOfRole(system, 'gate'), pidOfRole(system, 'portal')]).toEqual([gate, portal]);
    expect((await verified(data)).status).toBe(0);
  });
});
