/** The signed log: it follows the ledger, and never signs two roots of one size. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isSignedBy } from '#engine/foundation/note-signing.ts';
import { type LedgerWriter, openLedgerReader, openLedgerWriter } from '#engine/ledger/index.ts';
import { EMPTY_TREE, extendTree, hashOf, rootOf } from '#engine/ledger/merkle.ts';
import { addLogKey, loadOrCreateLogKeys, retireLogKeys } from '#engine/log/keys.ts';
import { readSigned } from '#engine/log/record.ts';
import { createSignedLog } from '#engine/log/signed-log.ts';
import { LogTree } from '#engine/log/tree.ts';
import { leafText } from '#protocol/entry.ts';
import { parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { parseNote, type SignedNote } from '#protocol/log/note.ts';
import { changeLedger, flipBit } from '#test/support/damaged-ledger.ts';
import { entryOf } from '#test/support/register-entries.ts';

const AT = '2011-01-31T07:00:00.000000Z';
const ORIGIN = 'clickday.example/g1';
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function stage(folder = mkdtempSync(join(tmpdir(), 'clickday-log-'))) {
  folders.push(folder);
  const path = join(folder, 'ledger');
  const keysPath = join(folder, 'log-keys.json');
  const record = join(folder, 'checkpoint');
  const places = { keys: keysPath, checkpoint: record, cosigned: `${record}-cosigned` };
  let writer: LedgerWriter | undefined;
  const append = async (count: number, office?: string) => {
    writer ??= openLedgerWriter({ path, gate: 'g1' });
    const firstSeq = writer.nextSeq();
    const entries = Array.from({ length: count }, (_, at) => ({
      ...entryOf('g1', firstSeq + at),
      ...(office !== undefined && { office }),
    }));
    await writer.append(entries, entries[0]!.stampUs);
  };
  /** The ledger is gone, and the next `append` begins another. */
  const forget = async () => {
    await writer?.close();
    writer = undefined;
    rmSync(path, { recursive: true });
  };
  const open = () => {
    const keys = loadOrCreateLogKeys(keysPath, { origin: ORIGIN, at: AT });
    const ledger = openLedgerReader({ path, gate: 'g1' });
    const log = createSignedLog({ ledger, keys, places });
    const signed = () => {
      while (!log.step());
      log.sign();
      const text = log.checkpoint();
      return text === undefined ? undefined : parseNote(text);
    };
    return { keys, log, signed, ledger, close: ledger.close };
  };
  return { path, keysPath, record, places, append, forget, open };
}

const checkpointOf = (note: SignedNote | undefined) => parseCheckpoint(note?.text ?? '');

describe('the tree of a log', () => {
  it('has the root of the ledger’s own tree at every size, across full tiles', () => {
    const leaves = Array.from({ length: 700 }, (_, at) => hashOf(Buffer.from(`\0${at}`)));
    const tree = new LogTree((from, end) => leaves.slice(from, end));
    let own = EMPTY_TREE;
    expect(tree.root()).toEqual(rootOf(own));
    for (const leaf of leaves) {
      tree.append(leaf);
      own = extendTree(own, [leaf]);
      expect(tree.root().equals(rootOf(own)), `size ${tree.size}`).toBe(true);
    }
  });

  it('carries through three levels', () => {
    const count = 65_536 + 300;
    const leaves = Array.from({ length: count }, (_, at) => hashOf(Buffer.from(`\0${at}`)));
    const tree = new LogTree((from, end) => leaves.slice(from, end));
    for (const leaf of leaves) tree.append(leaf);
    expect(tree.root()).toEqual(rootOf(extendTree(EMPTY_TREE, leaves)));
    expect(tree.hashes(2, 0, 1)).toHaveLength(1);
    expect(tree.hashes(0, 65_536 + 256, count)).toEqual(leaves.slice(65_536 + 256));
    const half = rootOf(extendTree(EMPTY_TREE, leaves.slice(32_768, 65_536)));
    expect(tree.subtree(15, 1)).toEqual(half);
  });
});

describe('a checkpoint', () => {
  it('is signed over all that is stored, by a key that only its owner can read', async () => {
    const { append, open, keysPath } = stage();
    await append(300);
    const { keys, signed, close } = open();
    const note = signed()!;
    const leaves = Array.from({ length: 300 }, (_, at) =>
      hashOf(Buffer.from(`\0${leafText(entryOf('g1', at + 1))}`)),
    );
    expect(checkpointOf(note)).toMatchObject({ origin: ORIGIN, size: 300 });
    expect(Buffer.from(checkpointOf(note)!.root)).toEqual(rootOf(extendTree(EMPTY_TREE, leaves)));
    expect(isSignedBy(note, keys.signers[0]!.key)).toBe(true);
    expect(statSync(keysPath).mode & 0o777).toBe(0o600);
    await close();
  });

  it('is signed over the commits that were read, while the ledger goes on', async () => {
    const { append, open } = stage();
    for (const count of [600, 600, 3000]) await append(count);
    const { log, ledger, close } = open();
    const sizes: (number | undefined)[] = [];
    while (!log.step()) {
      log.sign();
      const checkpoint = checkpointOf(parseNote(log.checkpoint()!));
      sizes.push(checkpoint?.size);
      const noted = ledger.batchUpTo(checkpoint!.size)!;
      expect(noted.lastSeq).toBe(checkpoint!.size);
      expect(noted.batch.root.equals(checkpoint!.root)).toBe(true);
    }
    expect(sizes).toEqual([600, 1200]);
    expect([log.tree.size, log.seen()]).toEqual([4200, 4200]);
    await close();
  });

  it('is the same after a restart, and grows from there', async () => {
    const { append, open, record } = stage();
    await append(10);
    const first = open();
    const note = first.signed();
    await first.close();
    const again = open();
    expect(again.signed()).toEqual(note);
    await append(5);
    expect(checkpointOf(again.signed())?.size).toBe(15);
    expect(checkpointOf(parseNote(readFileSync(record, 'utf8')))?.size).toBe(15);
    await again.close();
  });

  it('is on disk before anybody sees it', async () => {
    const { append, open, record } = stage();
    await append(3);
    const { log, close } = open();
    while (!log.step());
    expect(existsSync(record)).toBe(false);
    log.sign();
    expect(log.checkpoint()).toBe(readFileSync(record, 'utf8'));
    await close();
  });

  it('stays while the ledger is read again, and while its record cannot be written', async () => {
    const { append, open, record } = stage();
    await append(10);
    const first = open();
    first.signed();
    await first.close();
    const note = readFileSync(record, 'utf8');
    const { log, close } = open();
    expect(log.checkpoint()).toBe(note);
    await append(1);
    while (!log.step());
    rmSync(record);
    mkdirSync(record);
    expect(log.sign).toThrow();
    expect(log.checkpoint()).toBe(note);
    rmdirSync(record);
    log.sign();
    expect(checkpointOf(parseNote(readFileSync(record, 'utf8')))?.size).toBe(11);
    await close();
  });

  it('is signed by two keys while one takes over from the other', async () => {
    const { append, open, keysPath } = stage();
    await append(3);
    const { keys: before, close } = open();
    await close();
    addLogKey(keysPath, AT);
    const both = open();
    const note = both.signed()!;
    expect(note.signatures).toHaveLength(2);
    expect(isSignedBy(note, before.signers[0]!.key)).toBe(true);
    expect(isSignedBy(note, both.keys.signers[1]!.key)).toBe(true);
    await both.close();
    expect(retireLogKeys(keysPath)).toBe(1);
    await append(1);
    const after = open();
    expect(after.keys.origin).toBe(ORIGIN);
    expect(after.signed()!.signatures).toHaveLength(1);
    await after.close();
  });
});

describe('nothing is signed', () => {
  it('when the ledger was exchanged for another of the same size', async () => {
    const here = stage();
    await here.append(20);
    const first = here.open();
    const note = first.signed();
    await first.close();
    await here.forget();
    await here.append(20, 'XX');
    await here.append(5);
    const other = here.open();
    expect(other.signed()).toEqual(note);
    expect(other.log.refusal()).toBe('SIGNED_OTHERWISE');
    await other.close();
  });

  it('when the ledger is shorter than what was signed', async () => {
    const { append, open, forget } = stage();
    await append(20);
    const first = open();
    first.signed();
    await first.close();
    await forget();
    await append(19);
    const other = open();
    other.signed();
    expect(other.log.refusal()).toBe('SIGNED_OTHERWISE');
    await append(5);
    expect(checkpointOf(other.signed())?.size).toBe(20);
    await other.close();
  });

  it('when a bit of a page has turned', async () => {
    const { append, open, path } = stage();
    await append(20);
    await flipBit(path, 20);
    const { log, signed, close } = open();
    expect(signed()).toBeUndefined();
    expect(log.refusal()).toBe('LEDGER_DAMAGED');
    await close();
  });

  it('when the writer noted another root than the stored entries have', async () => {
    const { append, open, path } = stage();
    await append(20);
    await changeLedger(path, ({ state }) => {
      const bytes = Buffer.from(state.get('tree')!);
      bytes[bytes.length - 1]! ^= 1;
      state.put('tree', bytes);
    });
    const { log, signed, close } = open();
    expect(signed()).toBeUndefined();
    expect(log.refusal()).toBe('ROOT_DIFFERS');
    await close();
  });

  it('when a commit on the way has another root than the writer noted', async () => {
    const { append, open, path } = stage();
    for (const count of [1000, 1000, 1000]) await append(count);
    await changeLedger(path, ({ batches }) => {
      const bytes = Buffer.from(batches.get(2000)!);
      bytes[0]! ^= 1;
      batches.put(2000, bytes);
    });
    const { log, signed, close } = open();
    expect(log.step()).toBe(false);
    log.sign();
    expect(checkpointOf(signed())?.size).toBe(1000);
    expect(log.refusal()).toBe('ROOT_DIFFERS');
    await close();
  });

  it('when a commit is not on record', async () => {
    const { append, open, path } = stage();
    await append(20);
    await changeLedger(path, ({ batches }) => batches.remove(20));
    const { log, signed, close } = open();
    expect(signed()).toBeUndefined();
    expect(log.refusal()).toBe('ROOT_DIFFERS');
    await close();
  });

  it('over a record that is none', async () => {
    const { append, open, record } = stage();
    await append(2);
    writeFileSync(record, 'something else\n');
    expect(open).toThrow('record');
  });
});

describe('the record of the last signed checkpoint', () => {
  it('is genuine when a key of the log has signed it, and not when somebody else has', async () => {
    const here = stage();
    const other = stage();
    for (const one of [here, other]) {
      await one.append(4);
      const { signed, close } = one.open();
      signed();
      await close();
    }
    expect(readSigned(here.places)).toMatchObject({ isGenuine: true, checkpoint: { size: 4 } });
    writeFileSync(here.record, readFileSync(other.record));
    expect(readSigned(here.places)?.isGenuine).toBe(false);
  });
});
