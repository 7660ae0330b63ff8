/** Every receipt proves its own entry, under a root that its gate has signed and still has. */

import { sha256 } from '#engine/foundation/digest.ts';
import { leafHash } from '#engine/ledger/index.ts';
import type { RegisterEntry } from '#engine/register/index.ts';
import { leafText } from '#protocol/entry.ts';
import { parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { parseNote } from '#protocol/log/note.ts';
import { rootByInclusion } from '#protocol/log/proof.ts';
import { parseTlogProof } from '#protocol/log/tlog-proof.ts';
import type { Broken, Stored } from './check.ts';
import { proofIn } from './receipt-maker.ts';
import type { Remains } from './world.ts';

export function checkProofs({ gates }: Remains, { register }: Stored): Broken[] {
  const signed = new Map(gates.map(({ name, signedRoots }) => [name, signedRoots]));
  const broken: Broken[] = [];
  for (const place of register.receipts.places()) {
    const item = register.at(place);
    const pdf = register.receipts.get(place);
    const why = item && pdf ? whyUnproven(item, pdf, signed) : 'no entry or no receipt';
    if (why !== undefined) broken.push({ code: 'RECEIPT_UNPROVEN', detail: `${place}: ${why}` });
  }
  return broken;
}

/** By gate: size → root, as they were signed. */
type SignedRoots = ReadonlyMap<string, ReadonlyMap<number, Buffer>>;

function whyUnproven(
  { entry }: RegisterEntry,
  pdf: Buffer,
  signed: SignedRoots,
): string | undefined {
  const proof = parseTlogProof(proofIn(pdf));
  const checkpoint = parseCheckpoint(parseNote(proof?.checkpoint ?? '')?.text ?? '');
  if (proof === undefined || checkpoint === undefined) return 'the proof cannot be read';
  if (proof.index !== entry.seq - 1) return `the proof is of entry ${proof.index + 1}`;
  const { size, root } = checkpoint;
  const claim = { index: proof.index, size, leaf: leafHash(leafText(entry)), proof: proof.hashes };
  const found = rootByInclusion(claim, sha256);
  if (found === undefined || !Buffer.from(root).equals(found)) return 'the proof leads nowhere';
  if (signed.get(entry.gate)?.get(size)?.equals(root) !== true) return 'its root was never signed';
  return undefined;
}
