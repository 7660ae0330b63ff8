/**
 * A process that opens data directories which may be damaged, one after the other: what is wrong in
 * their stores may end it (a memory map of a broken tree), and then only it. Its parent learns what
 * `clickday verify` finds, what readers are served, and where each application stands.
 */
import { createHash } from 'node:crypto';
import { verifyDirectory } from '#engine/commands/verify.ts';
import { ledgerExists, openLedgerReader } from '#engine/ledger/index.ts';
import { openRegister, registerExists } from '#engine/register/index.ts';
import { type DataDirectory, existingDirectory } from '#engine/store/index.ts';
import { leafText } from '#protocol/entry.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { ImageVerdict } from './image-reader.ts';
import type { Place } from './judge.ts';

const GATE = 'g1';
const ALL = 1_000_000;

async function verdictOf(data: string): Promise<ImageVerdict> {
  const directory = existingDirectory(data)!;
  const found = await refusalOr(async () => {
    const { violations, register, receipts } = await verifyDirectory(directory);
    const first = JSON.stringify(violations[0] ?? null);
    return { violations: violations.length, pending: register.pending + receipts.pending, first };
  });
  const served = await refusalOr(() => servedBy(directory));
  return { found, served };
}

async function refusalOr<T>(work: () => Promise<T>): Promise<T | { refused: string }> {
  try {
    return await work();
  } catch (error) {
    return { refused: String(error) };
  }
}

/** What is read of ledger, register and receipts by who relies on them. */
async function servedBy(directory: DataDirectory) {
  const items: string[] = [];
  const places: Place[] = [];
  const path = directory.ledger(GATE);
  if (ledgerExists(path)) {
    const reader = openLedgerReader({ path, gate: GATE });
    try {
      for (const entry of reader.entries(1, ALL)) {
        const { application, seq, stampUs } = entry;
        places.push({ application, seq, stamp: isoFromUs(stampUs) });
        items.push(digestOf(leafText(entry)));
      }
    } finally {
      await reader.close();
    }
  }
  if (registerExists(directory.register)) {
    items.push(...(await registerItems(directory.register)));
  }
  return { places, items };
}

async function registerItems(path: string): Promise<string[]> {
  const register = openRegister(path, { readOnly: true });
  try {
    return [...register.iterate()].flatMap(({ place, entry, duplicateOf }) => {
      register.placeOf(entry.application); // refuses to lead to another's place
      const receipt = register.receipts.get(place);
      const items = [digestOf(`${place} ${duplicateOf} ${leafText(entry)}`)];
      return receipt === undefined ? items : [...items, digestOf(`${place}`, receipt)];
    });
  } finally {
    await register.close();
  }
}

function digestOf(...pieces: (string | Buffer)[]): string {
  const digest = createHash('sha256');
  for (const piece of pieces) digest.update(piece);
  return digest.digest('base64url').slice(0, 16);
}

process.on('message', (data: string) => {
  void verdictOf(data).then((verdict) => process.send?.(verdict));
});
