/** What the mini-client finds out about the public log, from the log's own bytes. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { leafHashOf, nodeHashOf } from '#protocol/log/proof.ts';
import { parseTilePath } from '#protocol/log/tile.ts';
import { checkLog, type LoggedEntry } from '../../mini-client/core/index.ts';
import { newKey, stagedLog } from '../support/log-stage.ts';

const ORIGIN = 'clickday.example/g1';
const GATE = 'g1';
const hash = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

/** A log of `size` leaves, with the tiles that a gate would serve. */
function logOf(size: number, options: { leaf?: (index: number) => string; jwk?: Jwk } = {}) {
  const { leaf = (index) => `entry ${index}`, jwk = JWK } = options;
  const staged = stagedLog({ origin: ORIGIN, leaf, jwk });
  const subtree = (level: number, index: number): Uint8Array =>
    level === 0
      ? leafHashOf(Buffer.from(leaf(index)), hash)
      : nodeHashOf(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1), hash);
  const tileAt = (path: string) => {
    const tile = parseTilePath(path);
    if (tile === undefined || tile.level === 'entries') return undefined;
    const { level, index, width } = tile;
    const hashes = Array.from({ length: width }, (_, at) => subtree(8 * level, 256 * index + at));
    return new Uint8Array(Buffer.concat(hashes));
  };
  const note = staged.note(size);
  const read = async (path: string) =>
    path === 'checkpoint' ? new Uint8Array(Buffer.from(note)) : tileAt(path);
  const logs = [{ gate: GATE, origin: ORIGIN, keys: [staged.key], revoked: [] }];
  return { read, logs, note };
}

type Jwk = ReturnType<typeof newKey>;
const JWK = newKey();

function entry(seq: number, text = `entry ${seq - 1}`): LoggedEntry {
  const leaf = leafHashOf(Buffer.from(text), hash);
  return { application: `a${seq}`, seq, leafHash: Buffer.from(leaf).toString('base64') };
}

const check = (
  log: Pick<ReturnType<typeof logOf>, 'read' | 'logs'>,
  entries: readonly LoggedEntry[],
  kept?: string,
) => checkLog({ ...log, keptFor: () => kept, entriesOf: () => entries });

describe('the public log, as a sender checks it', () => {
  it.each([1, 5, 256, 300, 700])('bears out every entry of a log of %i', async (size) => {
    const seqs = [1, Math.ceil(size / 2), size];
    const verdict = await check(
      logOf(size),
      seqs.map((seq) => entry(seq)),
    );
    expect(verdict).toMatchObject({ kind: 'read', gate: GATE, size, note: logOf(size).note });
    const entries = verdict.kind === 'read' ? [...verdict.entries.values()] : [];
    expect(new Set(entries)).toEqual(new Set(['in-log']));
  });

  it('misses an entry in whose place another stands, and no other', async () => {
    const verdict = await check(logOf(300), [entry(7), entry(8, 'something else')]);
    const entries = verdict.kind === 'read' ? verdict.entries : new Map();
    expect([...entries]).toEqual([
      ['a7', 'in-log'],
      ['a8', 'missing'],
    ]);
  });

  it('waits for a checkpoint that covers an entry', async () => {
    const verdict = await check(logOf(10), [entry(11)]);
    expect(verdict.kind === 'read' && [...verdict.entries]).toEqual([['a11', 'early']]);
  });

  it('is read again when it has only grown', async () => {
    expect(await check(logOf(300), [entry(3)], logOf(20).note)).toMatchObject({ kind: 'read' });
    expect(await check(logOf(20), [entry(3)], logOf(20).note)).toMatchObject({ kind: 'read' });
  });

  it('contradicts itself when an entry from before is another, or entries are gone', async () => {
    const other = logOf(300, { leaf: (index) => (index === 4 ? 'changed' : `entry ${index}`) });
    const contradiction = { kind: 'contradicts', gate: GATE, reason: 'RECEIPT_LOG_DIVERGED' };
    expect(await check(other, [entry(3)], logOf(20).note)).toEqual(contradiction);
    expect(await check(logOf(19), [entry(3)], logOf(20).note)).toEqual(contradiction);
  });

  it('is not believed with the signature of another key', async () => {
    const foreign = logOf(300, { jwk: newKey() });
    expect(await check({ ...foreign, logs: logOf(300).logs }, [entry(3)])).toEqual({
      ...{ kind: 'contradicts', gate: GATE, reason: 'RECEIPT_LOG_FOREIGN' },
    });
  });

  it('is not believed with a tile that was changed, and is not blamed for one that is gone', async () => {
    const log = logOf(300);
    const changed = async (path: string) => {
      const bytes = await log.read(path);
      if (bytes !== undefined && path !== 'checkpoint') bytes[40]! ^= 1;
      return bytes;
    };
    const verdict = await check({ ...log, read: changed }, [entry(3)]);
    expect(verdict.kind === 'read' && [...verdict.entries]).toEqual([['a3', 'missing']]);
    const gone = async (path: string) => (path === 'checkpoint' ? log.read(path) : undefined);
    expect(await check({ ...log, read: gone }, [entry(3)])).toEqual({ kind: 'unreachable' });
    const silent = async () => undefined;
    expect(await check({ ...log, read: silent }, [entry(3)])).toEqual({ kind: 'unreachable' });
  });
});
