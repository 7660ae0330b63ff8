/**
 * A click day as a stranger sees it who has nothing but the protocol's page: no acknowledgement
 * before the opening, all of them after it, repeats get their first outcome, and a passbook that
 * is not the portal's is refused.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ForeignClient, type GateMessage } from '#test/support/foreign-client.ts';
import {
  exportedLedger,
  type FixtureAccount,
  fixture,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
  verified,
} from '#test/support/system.ts';

const APPLICATIONS = 200;
const ACCOUNTS = 20;

async function gateFor(words: readonly string[]) {
  const data = join(temporaryDirectory(), 'data');
  const options = { data, accounts: ACCOUNTS, applications: APPLICATIONS, words };
  const accounts = await fixture(options);
  const system = await runningSystem({ data, words: ['--roles', 'gate'] });
  return { data, accounts, url: submissionsUrl(system) };
}

async function client(url: string): Promise<ForeignClient> {
  const one = await ForeignClient.connect(url);
  onTestFinished(() => one.close());
  return one;
}

async function clientsOf(url: string, accounts: readonly FixtureAccount[]) {
  return await Promise.all(
    accounts.map(async (account) => {
      const one = await client(url);
      const welcome = await one.hello(account.passbooks);
      expect(welcome?.applications).toBe(account.applications.length);
      return { one, account };
    }),
  );
}

type Guests = Awaited<ReturnType<typeof clientsOf>>;

async function submitAll(guests: Guests): Promise<GateMessage[]> {
  const outcomes = guests.map(({ one, account }) => one.submit(account.applications));
  return (await Promise.all(outcomes)).flat();
}

/** Submits until nothing is refused for being early, waiting as each refusal says. */
async function submitUntilOpen(guests: Guests): Promise<GateMessage[]> {
  const played = guests.map(async ({ one, account }) => {
    const accepted: GateMessage[] = [];
    let open = [...account.applications];
    while (open.length > 0 && one.closeCode === undefined) {
      const outcomes = await one.submit(open);
      accepted.push(...outcomes.filter(({ type }) => type === 'accepted'));
      const early = outcomes.filter(({ code }) => code === 'TOO_EARLY');
      expect(accepted.length + early.length).toBe(account.applications.length);
      open = early.map(({ application }) => application ?? '');
      const waitMs = Math.max(0, ...early.map(({ retryAfterMs }) => retryAfterMs ?? 0));
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    return accepted;
  });
  return (await Promise.all(played)).flat();
}

describe('a foreign client', () => {
  it('gets nothing before the opening, everything after it, and repeats as they were', async () => {
    const { data, accounts, url } = await gateFor(['--opens-in', '10']);
    const guests = await clientsOf(url, accounts);

    const early = await submitAll(guests);
    expect(early).toHaveLength(APPLICATIONS);
    expect(new Set(early.map(({ code }) => code))).toEqual(new Set(['TOO_EARLY']));
    expect(early.every(({ retryAfterMs }) => (retryAfterMs ?? -1) >= 0)).toBe(true);
    expect(await exportedLedger(data)).toEqual([]);

    const accepted = await submitUntilOpen(guests);
    const opensAt = early[0]?.opensAt ?? '';
    expect(accepted).toHaveLength(APPLICATIONS);
    expect(accepted.filter(({ stamp }) => (stamp ?? '') < opensAt)).toEqual([]);
    const numbers = accepted.map(({ seq }) => seq ?? 0).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: APPLICATIONS }, (_, at) => at + 1));

    const repeated = await submitAll(guests);
    const first = new Map(accepted.map((message) => [message.application, message]));
    expect(repeated).toHaveLength(APPLICATIONS);
    for (const message of repeated) {
      expect(message).toEqual({ ...first.get(message.application), duplicate: true });
    }
    expect(await exportedLedger(data)).toHaveLength(APPLICATIONS);
    expect((await verified(data)).status).toBe(0);
  });

  it('is closed with 4403 when the passbook is forged or altered', async () => {
    const { accounts, url } = await gateFor(['--opens-in', '0']);
    const passbook = accounts[0]?.passbooks[0] ?? '';
    const [header = '', claims = '', signature = ''] = passbook.split('.');
    const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string };
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const altered = encode({ ...read, sub: accounts[1]?.account });
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const forged = sign(null, Buffer.from(`${header}.${claims}`), stranger).toString('base64url');
    const unsigned = encode({ alg: 'none', typ: 'clickday-passbook+jwt' });

    for (const bad of [
      `${header}.${altered}.${signature}`,
      `${header}.${claims}.${forged}`,
      `${unsigned}.${claims}.`,
      'not a passbook',
    ]) {
      const one = await client(url);
      expect(await one.hello([bad])).toBeUndefined();
      expect(one.closeCode).toBe(4403);
    }
    const honest = await client(url);
    expect((await honest.hello([passbook]))?.type).toBe('welcome');
  });

  it('cannot submit what stands in the passbook of another', async () => {
    const { data, accounts, url } = await gateFor(['--opens-in', '0']);
    const one = await client(url);
    await one.hello(accounts[0]?.passbooks ?? []);
    const outcomes = await one.submit(accounts[1]?.applications ?? []);
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set(['UNKNOWN_APPLICATION']));
    expect(await exportedLedger(data)).toEqual([]);
  });
});
