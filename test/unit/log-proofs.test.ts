/**
 * Proofs for receipts: each leads from the stored entry to a root that was signed, and where what
 * is stored is not what was signed there is none.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sha256 } from '#engine/foundation/digest.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { isSignedBy } from '#engine/foundation/note-signing.ts';
import { leafHash, openLedgerReader, openLedgerWriter } from '#engine/ledger/index.ts';
import { EMPTY_TREE, extendTree, hashOf, rootOf } from '#engine/ledger/merkle.ts';
import { createEntryProofs, EntryDiffers, type ProofLedger } from '#engine/log/entry-proofs.ts';
import { createLogProofs } from '#engine/log/index.ts';
import { loadOrCreateLogKeys, readLogKeys } from '#engine/log/keys.ts';
import { readSigned } from '#engine/log/record.ts';
import { createSignedLog } from '#engine/log/signed-log.ts';
import { TileDiffers } from '#engine/log/subtrees.ts';
import { leafText } from '#protocol/entry.ts';
import { formatCheckpoint, parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { formatNote, parseNote } from '#protocol/log/note.ts';
import { rootByInclusion } from '#protocol/log/proof.ts';
import { parseTlogProof } from '#protocol/log/tlog-proof.ts';
import { flipBit } from '#test/support/damaged-ledger.ts';
import { entryOf } from '#test/support/register-entries.ts';

const SECOND_US = 1_000_000;
const leafOf = (seq: number) => hashOf(Buffer.from(`\0${leafText(entryOf('g1', seq))}`));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A ledger of `entryOf` in memory that counts what is read of it; `stored` may be spoilt. */
function memoryLedger(gate = 'g1') {
  const stored: string[] = [];
  const reads: number[] = [];
  let visible = 0;
  const ledger: ProofLedger = {
    gate,
    refresh: () => {
      visible = stored.length;
    },
    lastSeq: () => visible,
    leafHashes: (fromSeq, count) => {
      reads.push(count);
      return stored.slice(fromSeq - 1, fromSeq - 1 + count);
    },
  };
  const write = (count: number) => {
    for (let at = 0; at < count; at += 1) {
      stored.push(hashOf(Buffer.from(`\0${leafText(entryOf(gate, stored.length + 1))}`)));
    }
  };
  const signed = (size = stored.length, isGenuine = true) => {
    const root = rootOf(extendTree(EMPTY_TREE, stored.slice(0, size)));
    const checkpoint = { origin: `o/${gate}`, size, root };
    const signature = { name: `o/${gate}`, keyId: 1, signature: new Uint8Array(64) };
    const note = formatNote({ text: formatCheckpoint(checkpoint), signatures: [signature] });
    return { note, checkpoint, isGenuine };
  };
  return { ledger, stored, reads, write, signed };
}

/** Whether `text` proves the entry with this number under the root in its own checkpoint. */
function proves(text: string, seq: number, gate = 'g1'): boolean {
  const { index, hashes, checkpoint } = parseTlogProof(text)!;
  const { size, root } = parseCheckpoint(parseNote(checkpoint)!.text)!;
  const claim = { index, size, leaf: leafHash(leafText(entryOf(gate, seq))), proof: hashes };
  const found = rootByInclusion(claim, sha256);
  return index === seq - 1 && found !== undefined && Buffer.from(root).equals(found);
}

const lookAll = (proofs: { look(nowUs: number): boolean }, nowUs = 0) => {
  while (proofs.look(nowUs));
};

describe('proofs from a ledger on disk', () => {
  it('are there for each entry once the gate has signed, under its key', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clickday-proofs-'));
    folders.push(folder);
    const path = join(folder, 'ledger');
    const places = {
      keys: join(folder, 'keys.json'),
      checkpoint: join(folder, 'checkpoint'),
      cosigned: join(folder, 'checkpoint-cosigned'),
    };
    const writer = openLedgerWriter({ path, gate: 'g1' });
    const entries = Array.from({ length: 700 }, (_, at) => entryOf('g1', at + 1));
    await writer.append(entries, entries[0]!.stampUs);
    const reader = openLedgerReader({ path, gate: 'g1' });
    const source = createLogProofs({
      ...{ ledgers: () => [reader], clock: { nowUs: () => 0 }, log: silentLog() },
      signed: () => readSigned(places),
    });
    source.look();
    expect(source.provenSeq('g1')).toBe(0);
    const at = '2011-01-31T07:00:00.000000Z';
    const keys = loadOrCreateLogKeys(places.keys, { origin: 'clickday.example/g1', at });
    const gate = openLedgerReader({ path, gate: 'g1' });
    const log = createSignedLog({ ledger: gate, keys, places });
    log.step();
    log.sign();
    source.look();
    expect(source.provenSeq('g1')).toBe(700);
    expect(source.troubles()).toEqual([]);
    const proofs = source.proofsOf(entries);
    expect(proofs.filter(({ tlogProof }, place) => !proves(tlogProof, place + 1))).toEqual([]);
    const note = parseNote(parseTlogProof(proofs[0]!.tlogProof)!.checkpoint);
    expect(isSignedBy(note, readLogKeys(places.keys).signers[0]!.key)).toBe(true);
    await Promise.all([reader.close(), gate.close(), writer.close()]);
  });

  it('are not given when a page is damaged', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clickday-proofs-'));
    folders.push(folder);
    const path = join(folder, 'ledger');
    const writer = openLedgerWriter({ path, gate: 'g1' });
    const entries = Array.from({ length: 10 }, (_, at) => entryOf('g1', at + 1));
    await writer.append(entries, entries[0]!.stampUs);
    await writer.close();
    const { signed, write } = memoryLedger();
    write(10);
    await flipBit(path, 10);
    const reader = openLedgerReader({ path, gate: 'g1' });
    const proofs = createEntryProofs(reader, signed);
    lookAll(proofs);
    expect([proofs.provenSeq(), proofs.trouble()]).toEqual([0, 'LEDGER_DAMAGED']);
    await reader.close();
  });
});

describe('proofs of a gate’s entries', () => {
  it('lead to the signed root at every size, for every entry', () => {
    for (const size of [1, 2, 3, 255, 256, 257, 511, 512, 513, 1000]) {
      const { ledger, write, signed } = memoryLedger();
      write(size);
      const proofs = createEntryProofs(ledger, signed);
      lookAll(proofs);
      for (let seq = 1; seq <= size; seq += 1) {
        expect(proves(proofs.proofOf(entryOf('g1', seq)), seq), `${seq} of ${size}`).toBe(true);
      }
    }
  });

  it('grow with the checkpoint, and go on while the next one is being read', () => {
    const { ledger, write, signed } = memoryLedger();
    write(300);
    let now = signed();
    const proofs = createEntryProofs(ledger, () => now);
    lookAll(proofs);
    write(5000);
    now = signed(4999);
    expect(proofs.look(0)).toBe(true);
    expect(proofs.provenSeq()).toBe(300);
    expect(proves(proofs.proofOf(entryOf('g1', 290)), 290)).toBe(true);
    expect(() => proofs.proofOf(entryOf('g1', 301))).toThrow(EntryDiffers);
    lookAll(proofs);
    expect(proofs.provenSeq()).toBe(4999);
    for (const seq of [290, 4864, 4865, 4999]) {
      expect(proves(proofs.proofOf(entryOf('g1', seq)), seq)).toBe(true);
    }
  });

  it('take in a long log in parts', () => {
    const { ledger, reads, write, signed } = memoryLedger();
    write(9000);
    const proofs = createEntryProofs(ledger, signed);
    lookAll(proofs);
    expect(proofs.provenSeq()).toBe(9000);
    expect(reads).toEqual([2000, 2000, 2000, 2000, 1000]);
  });

  it('of neighbours cost one tile', () => {
    const { ledger, reads, write, signed } = memoryLedger();
    write(2000);
    const proofs = createEntryProofs(ledger, signed);
    lookAll(proofs);
    reads.length = 0;
    for (let seq = 401; seq <= 900; seq += 1) proofs.proofOf(entryOf('g1', seq));
    expect(reads).toEqual([256, 256, 256]);
  });

  it('are read from a checkpoint before it is looked how long the ledger is', () => {
    const { ledger, write, signed } = memoryLedger();
    write(10);
    ledger.refresh();
    const proofs = createEntryProofs(ledger, () => {
      write(10); // the gate goes on in the meantime
      return signed();
    });
    lookAll(proofs);
    expect([proofs.provenSeq(), proofs.trouble()]).toEqual([20, undefined]);
  });

  it('are not given under a root that is not that of the stored entries', () => {
    const { ledger, stored, write, signed } = memoryLedger();
    write(300);
    const right = signed();
    stored[7] = leafOf(9999);
    const proofs = createEntryProofs(ledger, () => right);
    lookAll(proofs);
    lookAll(proofs);
    expect([proofs.provenSeq(), proofs.trouble()]).toEqual([0, 'SIGNED_OTHERWISE']);
  });

  it('are not given when the ledger is shorter than what was signed', () => {
    const { ledger, stored, write, signed } = memoryLedger();
    write(300);
    const right = signed();
    stored.length = 299;
    const proofs = createEntryProofs(ledger, () => right);
    lookAll(proofs);
    expect([proofs.provenSeq(), proofs.trouble()]).toEqual([0, 'SIGNED_OTHERWISE']);
    write(1);
    lookAll(proofs);
    expect([proofs.provenSeq(), proofs.trouble()]).toEqual([300, undefined]);
  });

  it('are not given when what was read from the ledger before has changed', () => {
    const { ledger, stored, write, signed } = memoryLedger();
    write(300);
    const proofs = createEntryProofs(ledger, signed);
    lookAll(proofs);
    stored[7] = leafOf(9999);
    expect(() => proofs.proofOf(entryOf('g1', 1))).toThrow(TileDiffers);
    expect(proves(proofs.proofOf(entryOf('g1', 299)), 299)).toBe(true);
  });

  it('are not given of an entry that is another in the ledger', () => {
    const { ledger, write, signed } = memoryLedger();
    write(10);
    const proofs = createEntryProofs(ledger, signed);
    lookAll(proofs);
    expect(() => proofs.proofOf(entryOf('g1', 3, { office: 'MI' }))).toThrow(EntryDiffers);
  });

  it('are not given under a foreign or unreadable checkpoint, and come with the next', () => {
    const { ledger, write, signed } = memoryLedger();
    write(10);
    const foreign = signed(10, false);
    const answers = [
      () => foreign,
      () => {
        throw new Error('no note');
      },
      () => undefined,
      () => signed(),
    ];
    let now = answers[0]!;
    const proofs = createEntryProofs(ledger, () => now());
    const seen = answers.map((answer) => {
      now = answer;
      lookAll(proofs);
      return [proofs.provenSeq(), proofs.trouble()];
    });
    const troubles = ['CHECKPOINT_FOREIGN', 'CHECKPOINT_UNREADABLE', undefined];
    expect(seen).toEqual([...troubles.map((trouble) => [0, trouble]), [10, undefined]]);
  });

  it('that do not come for ten seconds are a trouble, until they come', () => {
    const { ledger, write, signed } = memoryLedger();
    write(10);
    let now = signed();
    const proofs = createEntryProofs(ledger, () => now);
    const troubleAt = (second: number) => {
      lookAll(proofs, second * SECOND_US);
      return proofs.trouble();
    };
    expect([0, 100].map(troubleAt)).toEqual([undefined, undefined]);
    write(5);
    expect([100, 110, 111].map(troubleAt)).toEqual([undefined, undefined, 'NOT_SIGNED']);
    now = signed();
    expect([112, 200].map(troubleAt)).toEqual([undefined, undefined]);
    write(1);
    expect([200, 209].map(troubleAt)).toEqual([undefined, undefined]);
  });
});

describe('proofs of several gates', () => {
  it('come from each gate’s own log, and one that is not signed stops no other', () => {
    const [one, other] = [memoryLedger('g1'), memoryLedger('g2')];
    one.write(9000);
    other.write(20);
    const ledgers: ProofLedger[] = [];
    const told: unknown[] = [];
    const note = (about: object) => told.push(about);
    const signed: Record<string, ReturnType<typeof one.signed>> = {
      g1: one.signed(),
      g2: other.signed(20, false),
    };
    const source = createLogProofs({
      ledgers: () => ledgers,
      signed: (gate) => signed[gate],
      clock: { nowUs: () => 0 },
      log: { ...silentLog(), error: note, info: note } as never,
    });
    source.look();
    ledgers.push(one.ledger, other.ledger); // gates may come later
    while (source.look());
    expect(['g1', 'g2', 'g3'].map(source.provenSeq)).toEqual([9000, 0, 0]);
    expect(source.troubles()).toEqual([{ gate: 'g2', reason: 'CHECKPOINT_FOREIGN' }]);
    signed.g2 = other.signed();
    while (source.look());
    expect(source.troubles()).toEqual([]);
    const [first, second] = source.proofsOf([entryOf('g2', 7), entryOf('g1', 280)]);
    expect(proves(first!.tlogProof, 7, 'g2')).toBe(true);
    expect(proves(second!.tlogProof, 280)).toBe(true);
    expect(told).toEqual([{ gate: 'g2', reason: 'CHECKPOINT_FOREIGN' }, { gate: 'g2' }]);
  });
});
