/**
 * A log without a ledger: a tree of any leaves, signed by a key made for it, and what it would ask
 * a witness. Two of one name and key that differ in their leaves are a fork.
 */
import { createHash } from 'node:crypto';
import { generateSigningKey } from '#engine/foundation/jws.ts';
import { logSigner, sha256 } from '#engine/foundation/note-signing.ts';
import type { WitnessRecords } from '#engine/witness/index.ts';
import { formatCheckpoint } from '#protocol/log/checkpoint.ts';
import { formatNote, formatNoteKey } from '#protocol/log/note.ts';
import { consistencyProof, leafHashOf, nodeHashOf, rootFrom } from '#protocol/log/proof.ts';
import { formatAddCheckpoint } from '#protocol/log/witness.ts';

export const newKey = () => generateSigningKey().privateKey.export({ format: 'jwk' });

export interface StagedLog {
  /** As a witness is told it. */
  readonly verifierKey: string;
  readonly key: ReturnType<typeof logSigner>['key'];
  note(size: number): string;
  /** The body of a request that takes a witness from one size to another. */
  request(oldSize: number, size: number): string;
  root(size: number): Uint8Array;
  proof(from: number, size: number): Uint8Array[];
}

/** `leaf` gives the text of each leaf; the same text is the same history. */
export function stagedLog(options: {
  origin: string;
  leaf?: (index: number) => string;
  jwk?: ReturnType<typeof newKey>;
}): StagedLog {
  const { origin, leaf = (index) => `entry ${index}`, jwk = newKey() } = options;
  const signer = logSigner(origin, jwk);
  const subtree = (level: number, index: number): Uint8Array =>
    level === 0
      ? leafHashOf(Buffer.from(leaf(index)), hash)
      : nodeHashOf(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1), hash);
  const root = (size: number) => rootFrom(subtree, size, hash);
  const note = (size: number) => {
    const text = formatCheckpoint({ origin, size, root: root(size) });
    return formatNote({ text, signatures: [signer.sign(text)] });
  };
  const proof = (from: number, size: number) => consistencyProof(subtree, from, size, hash);
  return {
    ...{ key: signer.key, verifierKey: formatNoteKey(signer.key, sha256), note, root, proof },
    request: (oldSize, size) =>
      formatAddCheckpoint({ oldSize, proof: proof(oldSize, size), note: note(size) }),
  };
}

/** Records of a witness that forgets when it ends. */
export const recordsInMemory = (): WitnessRecords => ({
  read: () => undefined,
  write: () => undefined,
  keepContradiction: () => undefined,
  hasContradiction: () => false,
});

const hash = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
