/**
 * The stage of the scenarios of receipts: a real data directory whose ledger is full and whose
 * receipts are still to be made. Applications, accounts and click day come from `fixture`; the
 * entries are laid into the ledger by its own writer, so that nothing but receipts is measured when
 * the system starts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionPlan } from '#bench/drivers/swarm.ts';
import { clickdayOk, type FixtureAccount } from '#bench/system.ts';
import { openLedgerWriter } from '#engine/ledger/index.ts';
import { openRegister, registerExists } from '#engine/register/index.ts';

export const GATE = 'g1';
const APPLICATIONS_AN_ACCOUNT = 100;
const BATCH_ENTRIES = 500;
const BETWEEN_STAMPS_US = 100;
const UNCERTAINTY_US = 250;

interface Line {
  readonly id: string;
  readonly clickDay: string;
  readonly model: string;
  readonly office: string;
  readonly digest: string;
}

/**
 * A data directory at `data` with so many entries and no receipt; some 1,200 a second. Returns what
 * is ready beside them and not sent yet, a connection for each account of 100 applications.
 */
export async function layEntries(
  data: string,
  amount: number,
  unsent = 0,
): Promise<ConnectionPlan[]> {
  const out = join(data, 'fixture.ndjson');
  const opensAtUs = (Math.floor(Date.now() / 1000) + 5) * 1_000_000;
  const opensAt = new Date(opensAtUs / 1000).toISOString();
  const laid = Math.ceil(amount / APPLICATIONS_AN_ACCOUNT);
  const accounts = laid + Math.ceil(unsent / APPLICATIONS_AN_ACCOUNT);
  const applications = accounts * APPLICATIONS_AN_ACCOUNT;
  const size = ['--accounts', String(accounts), '--applications', String(applications)];
  await clickdayOk(['fixture', '--data', data, ...size, '--opens-at', opensAt, '--out', out]);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  const made = lines.map((line) => JSON.parse(line) as FixtureAccount);
  const all = made.slice(0, laid).flatMap(({ passbooks }) => passbooks.flatMap(linesOf));
  const writer = openLedgerWriter({ path: join(data, 'gates', GATE, 'ledger'), gate: GATE });
  const entries = all.slice(0, amount).map(({ id, clickDay, model, office, digest }, at) => ({
    ...{ application: id, clickDay, model, office, digest, gate: GATE, seq: at + 1 },
    ...{ stampUs: opensAtUs + UNCERTAINTY_US + at * BETWEEN_STAMPS_US },
    uncertaintyUs: UNCERTAINTY_US,
  }));
  for (let from = 0; from < entries.length; from += BATCH_ENTRIES) {
    const batch = entries.slice(from, from + BATCH_ENTRIES);
    await writer.append(batch, batch[0]!.stampUs);
  }
  await writer.close();
  return made.slice(laid);
}

/** The lines of a passbook, read without checking its signature. */
function linesOf(passbook: string): Line[] {
  const claims = Buffer.from(passbook.split('.')[1]!, 'base64url').toString();
  return (JSON.parse(claims) as { applications: Line[] }).applications;
}

/** How many receipts there are, read beside the running portal. */
export function receiptCounter(data: string): { count(): number; close(): Promise<void> } {
  const path = join(data, 'register');
  let register: ReturnType<typeof openRegister> | undefined;
  return {
    count: () => {
      if (register === undefined && !registerExists(path)) return 0;
      register ??= openRegister(path, { readOnly: true });
      register.refresh();
      return register.receipts.count();
    },
    close: async () => register?.close(),
  };
}
