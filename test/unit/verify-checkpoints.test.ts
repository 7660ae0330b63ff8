/** What verify says of the checkpoints that lie beside a ledger. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyCheckpoints } from '#engine/commands/verify-checkpoints.ts';
import { cosigner } from '#engine/foundation/note-signing.ts';
import { loadOrCreateLogKeys } from '#engine/log/keys.ts';
import { formatCheckpoint } from '#protocol/log/checkpoint.ts';
import { formatNote } from '#protocol/log/note.ts';
import { newKey, stagedLog } from '#test/support/log-stage.ts';

const ORIGIN = 'clickday.example/g1';
const NOW_S = 1_296_457_200;
const AT = '2011-01-31T07:00:00.000000Z';
const tree = stagedLog({ origin: ORIGIN });

let folder: string;
let places: { keys: string; checkpoint: string; cosigned: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-checkpoints-'));
  places = {
    keys: join(folder, 'keys'),
    checkpoint: join(folder, 'checkpoint'),
    cosigned: join(folder, 'checkpoint-cosigned'),
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

const witness = cosigner('witness.example/w1', newKey());
const stranger = cosigner('witness.example/w1', newKey());

/** A note of this gate's log, cosigned. */
function note(size: number, by = [witness]): string {
  const [log] = loadOrCreateLogKeys(places.keys, { origin: ORIGIN, at: AT }).signers;
  const text = formatCheckpoint({ origin: ORIGIN, size, root: tree.root(size) });
  const cosignatures = by.map((one) => one.cosign(text, NOW_S));
  return formatNote({ text, signatures: [log!.sign(text), ...cosignatures] });
}

function found(witnesses = [{ key: witness.key, url: '' }]) {
  const { violations, ...report } = verifyCheckpoints({ gate: 'g1', places, witnesses });
  return { ...report, codes: violations.map(({ code }) => code) };
}

describe('the last cosigned checkpoint', () => {
  beforeEach(() => {
    writeFileSync(places.checkpoint, note(8, []));
    writeFileSync(places.cosigned, note(5));
  });

  it('is told with who cosigned it, and is compared with the ledger as the signed one is', () => {
    const by = [{ witness: 'witness.example/w1', at: AT }];
    const { cosigned, signed, codes } = found();
    expect({ cosigned, codes }).toEqual({ cosigned: { size: 5, by }, codes: [] });
    expect(signed.map(({ size }) => size)).toEqual([8, 5]);
    expect(signed[1]!.root).toEqual(tree.root(5));
  });

  it('says nothing of witnesses that nobody has named', () => {
    expect(found([])).toMatchObject({ cosigned: { size: 5, by: [] }, codes: [] });
    expect(found([{ key: stranger.key, url: '' }])).toMatchObject({ cosigned: { by: [] } });
  });

  it('is wrong when a cosignature is not over it', () => {
    const [, , , , , line] = note(6).split('\n');
    const lines = note(5).split('\n');
    writeFileSync(places.cosigned, lines.with(5, line!).join('\n'));
    expect(found()).toMatchObject({ cosigned: { by: [] }, codes: ['COSIGNATURE_WRONG'] });
  });

  it('is wrong when it is ahead of what was signed, another log’s, or none', () => {
    writeFileSync(places.cosigned, note(9));
    expect(found().codes).toEqual(['COSIGNED_AHEAD']);
    writeFileSync(places.cosigned, tree.note(5));
    expect(found().codes).toEqual(['COSIGNED_FORGED']);
    writeFileSync(places.cosigned, 'something else\n');
    expect(found()).toMatchObject({ cosigned: null, codes: ['COSIGNED_UNREADABLE'] });
  });

  it('need not be there, and does not stand for the signed one', () => {
    rmSync(places.cosigned);
    expect(found()).toMatchObject({ cosigned: null, codes: [] });
    writeFileSync(places.checkpoint, readFileSync(places.checkpoint, 'utf8').slice(0, 40));
    expect(found().codes).toEqual(['CHECKPOINT_UNREADABLE']);
    writeFileSync(places.checkpoint, tree.note(8));
    expect(found().codes).toEqual(['CHECKPOINT_FORGED']);
  });
});
