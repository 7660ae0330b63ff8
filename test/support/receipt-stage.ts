/**
 * A small issuer of real receipts, all in memory: one seal, one log of one gate with its signing
 * keys, receipts through the engine's own maker. What a test wants to be wrong it says when it
 * asks for a receipt.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { ReceiptFacts } from '#engine/receipts/index.ts';
import { createReceiptMaker } from '#engine/receipts/maker.ts';
import { describeSeal, type SealMaterial } from '#engine/receipts/seal/material.ts';
import { type LedgerEntry, leafText } from '#protocol/entry.ts';
import { toBase64 } from '#protocol/log/base64.ts';
import { formatCheckpoint } from '#protocol/log/checkpoint.ts';
import { ED25519, formatNote, formatNoteKey, keyIdOf, type NoteKey } from '#protocol/log/note.ts';
import {
  inclusionProof,
  leafHashOf,
  nodeHashOf,
  rootFrom,
  type Subtree,
} from '#protocol/log/proof.ts';
import { parseTilePath, TILE_WIDTH } from '#protocol/log/tile.ts';
import { formatTlogProof } from '#protocol/log/tlog-proof.ts';
import type { VerificationKeys } from '#protocol/portal-api.ts';
import { entryOf, factsOf, OPENING_US } from '#test/support/register-entries.ts';
import { testSeal } from '#test/support/test-seal.ts';

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

export interface StageOptions {
  readonly gate?: string;
  readonly origin?: string;
  readonly seal?: SealMaterial;
  readonly entries?: number;
  readonly openingUs?: number;
}

export interface ReceiptWishes {
  /** Entries of the log when its checkpoint was signed. */
  readonly size?: number;
  readonly rehearsal?: boolean;
  readonly facts?: Partial<ReceiptFacts>;
  /** In place of the true proof. */
  readonly tlogProof?: string;
}

export class ReceiptStage {
  readonly gate: string;
  readonly origin: string;
  readonly entries: LedgerEntry[];
  readonly seal: SealMaterial;
  readonly logKey: LogKey;
  readonly #maker;

  constructor({ gate = 'g1', origin = `clickday.example/${gate}`, ...options }: StageOptions = {}) {
    this.gate = gate;
    this.origin = origin;
    this.seal = options.seal ?? testSeal();
    this.entries = Array.from({ length: options.entries ?? 20 }, (_, at) =>
      entryOf(gate, at + 1, { stampUs: (options.openingUs ?? OPENING_US) + at }),
    );
    this.logKey = new LogKey(origin);
    this.#maker = createReceiptMaker(this.seal);
  }

  /** The PDF of the entry with number `seq`. */
  async receipt(seq: number, wishes: ReceiptWishes = {}): Promise<Uint8Array> {
    const entry = this.entries[seq - 1]!;
    const { size = this.entries.length, rehearsal = false } = wishes;
    const tlogProof = wishes.tlogProof ?? this.tlogProof(seq, size);
    const made = await this.#maker.make({
      ...{ place: seq, entry, facts: factsOf(entry, wishes.facts), rehearsal },
      ...{ proof: { tlogProof }, sealedAtUs: entry.stampUs + 1_000_000 },
      url: `https://clickday.example/verify?protocol=2011-01-31/${this.gate}/${seq}`,
    });
    return new Uint8Array(Buffer.concat([this.#maker.template(made.template)!, made.appended]));
  }

  tlogProof(seq: number, size: number, key = this.logKey): string {
    const hashes = inclusionProof(this.subtree, seq - 1, size, sha256);
    return formatTlogProof({ index: seq - 1, hashes, checkpoint: this.checkpoint(size, key) });
  }

  checkpoint(size = this.entries.length, key = this.logKey): string {
    const root = rootFrom(this.subtree, size, sha256);
    return key.signed(formatCheckpoint({ origin: this.origin, size, root }));
  }

  keys(change: Partial<VerificationKeys['seals'][number]> = {}): VerificationKeys {
    const certificate = toBase64(new Uint8Array(this.seal.certificates[0]!));
    const { subject } = describeSeal(this.seal);
    return {
      seals: [{ certificate, subject, test: this.seal.isTest, ...change }],
      logs: [
        { gate: this.gate, origin: this.origin, keys: [this.logKey.verifierKey], revoked: [] },
      ],
    };
  }

  /** What the gate would give: the log as it is now. */
  readonly readLog = async (path: string): Promise<Uint8Array | undefined> => {
    if (path === 'checkpoint') return new TextEncoder().encode(this.checkpoint());
    const tile = parseTilePath(path);
    if (typeof tile?.level !== 'number') return undefined;
    const { level, index, width } = tile;
    const hashes = Array.from({ length: width }, (_, at) =>
      this.subtree(8 * level, index * TILE_WIDTH + at),
    );
    return new Uint8Array(Buffer.concat(hashes));
  };

  readonly subtree: Subtree = (level, index) => {
    if (level === 0) return leafHashOf(Buffer.from(leafText(this.entries[index]!)), sha256);
    const [left, right] = [2 * index, 2 * index + 1].map((at) => this.subtree(level - 1, at));
    return nodeHashOf(left!, right!, sha256);
  };
}

export class LogKey {
  readonly #origin: string;
  readonly #privateKey: KeyObject;
  readonly #key: NoteKey;

  constructor(origin: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
    this.#origin = origin;
    this.#privateKey = privateKey;
    this.#key = { name: origin, type: ED25519, publicKey: new Uint8Array(raw) };
  }

  get verifierKey(): string {
    return formatNoteKey(this.#key, sha256);
  }

  /** `text` as a signed note. */
  signed(text: string): string {
    const signature = new Uint8Array(sign(null, Buffer.from(text), this.#privateKey));
    const keyId = keyIdOf(this.#key, sha256);
    return formatNote({ text, signatures: [{ name: this.#origin, keyId, signature }] });
  }
}
