/**
 * The stage of the scenario `receipts`: a real data directory whose ledger is full and whose
 * receipts are still to be made. Applications, accounts and click day come from `fixture`; the
 * entries are laid into the ledger by its own writer, so that nothing but receipts is measured when
 * the system starts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** A data directory at `data` with so many entries and no receipt. Some 1,200 a second. */
export async function layEntries(data: string, amount: number): Promise<void> {
  const out = join(data, 'fixture.ndjson');
  const opensAtUs = (Math.floor(Date.now() / 1000) + 5) * 1_000_000;
  const opensAt = new Date(opensAtUs / 1000).toISOString();
  const accounts = Math.ceil(amount / APPLICATIONS_AN_ACCOUNT);
  const size = ['--accounts', String(accounts), '--applications', String(amount)];
  await clickdayOk(['fixture', '--data', data, ...size, '--opens-at', opensAt, '--out', out]);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  const all = lines.flatMap((line) =>
    (JSON.parse(line) as FixtureAccount).passbooks.flatMap(linesOf),
  );
  const writer = openLedgerWriter({ path: join(data, 'gates', GATE, 'ledger'), gate: GATE });
  const entries = all.map(({ id, clickDay, model, office, digest }, at) => ({
    ...{ application: id, clickDay, model, office, digest, gate: GATE, seq: at + 1 },
    ...{ stampUs: opensAtUs + UNCERTAINTY_US + at * BETWEEN_STAMPS_US },
    uncertaintyUs: UNCERTAINTY_US,
  }));
  for (let from = 0; from < entries.length; from += BATCH_ENTRIES) {
    const batch = entries.slice(from, from + BATCH_ENTRIES);
    await writer.append(batch, batch[0]!.stampUs);
  }
  await writer.close();
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
