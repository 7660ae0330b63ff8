/** The public log (protocol §5): signed, and an accepted entry is in it as its client expects. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { type LedgerEntry, leafText } from '#protocol/entry.ts';
import type { Welcome } from '#protocol/frames.ts';
import { type Checkpoint, parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { ED25519, parseNote, parseNoteKey, signaturesOf } from '#protocol/log/note.ts';
import { decodeEntries, TILE_WIDTH, tilePath, widthIn } from '#protocol/log/tile.ts';
import { usFromIso } from '#protocol/time.ts';
import { expect, expectEqual, isOf } from '../judge.ts';
import type { Check, Stage } from '../kit.ts';
import { submit } from './submissions.ts';

const LOOKS_MAX = 40;
const LOOK_MS = 250;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** The checkpoint of now, its signature checked with a key that the log names. */
async function checkpointOf(stage: Stage): Promise<Checkpoint> {
  const note = parseNote((await stage.http('/v1/log/checkpoint')).text);
  expect(note !== undefined, 'the checkpoint is no signed note');
  const names = (await stage.http('/v1/log/keys')).text.split('\n');
  const keys = names.flatMap((line) => parseNoteKey(line, sha256) ?? []);
  const own = keys.filter(({ type }) => type === ED25519);
  expect(own.length > 0, '/v1/log/keys names no key');
  const isSigned = own.some((key) =>
    signaturesOf(note, key, sha256).some(({ signature }) =>
      verify(null, Buffer.from(note.text), publicKeyOf(key.publicKey), signature),
    ),
  );
  expect(isSigned, 'no key of /v1/log/keys has signed the checkpoint');
  const checkpoint = parseCheckpoint(note.text);
  expect(checkpoint !== undefined, 'the signed text is no checkpoint');
  return checkpoint;
}

function publicKeyOf(bytes: Uint8Array) {
  const x = Buffer.from(bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** Waits until a checkpoint covers so many entries. */
async function covering(stage: Stage, size: number): Promise<Checkpoint> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const checkpoint = await checkpointOf(stage);
    if (checkpoint.size >= size) return checkpoint;
    await new Promise<void>((resolve) => void stage.timers.after(LOOK_MS, resolve));
  }
  expect(false, `no checkpoint covered entry ${size} within ${(LOOKS_MAX * LOOK_MS) / 1000} s`);
}

export const logChecks: readonly Check[] = [
  {
    name: 'checkpoint',
    rule: 'the checkpoint is a C2SP signed note by a key of /v1/log/keys (§5)',
    run: async (stage) => {
      await checkpointOf(stage);
    },
  },
  {
    name: 'entry-in-log',
    rule: 'what was accepted is in the log, byte for byte the leaf that its client computes (§5)',
    run: async (stage) => {
      const account = stage.account('open');
      const session = await stage.greeted(account);
      const line = stage.fresh(account);
      const accepted = await submit(session, line.id);
      const { gate } = session.frames.find(isOf('welcome')) as unknown as Welcome;
      const { seq, stamp, uncertaintyUs } = accepted;
      const { id: application, clickDay, model, office, digest } = line;
      const facts = { application, clickDay, model, office, digest };
      const entry: LedgerEntry = { ...facts, gate, seq, stampUs: usFromIso(stamp), uncertaintyUs };
      const { size } = await covering(stage, seq);
      const index = Math.floor((seq - 1) / TILE_WIDTH);
      const path = tilePath({
        level: 'entries',
        index,
        width: widthIn(size, { level: 'entries', index }),
      });
      const reply = await stage.http(`/v1/log/${path}`);
      expectEqual('the status of the tile of entries', reply.status, 200);
      const leaf = decodeEntries(reply.bytes)?.[(seq - 1) % TILE_WIDTH];
      expect(leaf !== undefined, 'the tile of entries does not reach to it');
      expectEqual('the leaf', Buffer.from(leaf).toString(), leafText(entry));
    },
  },
];
