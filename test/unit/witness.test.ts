/** The witness decides: it cosigns what has only grown, and nothing else. */
import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { cosigner, isSignedBy, sha256 } from '#engine/foundation/note-signing.ts';
import {
  createWitness,
  loadOrCreateCosigner,
  RecordForged,
  type Verdict,
  WitnessNamed,
  type WitnessRecords,
  witnessPlaces,
  witnessRecords,
} from '#engine/witness/index.ts';
import { toBase64 } from '#protocol/log/base64.ts';
import { decodeCosignature } from '#protocol/log/cosignature.ts';
import { formatNoteKey, parseNote, type SignedNote, signaturesOf } from '#protocol/log/note.ts';
import { formatAddCheckpoint, parseAddCheckpoint, parseWitnesses } from '#protocol/log/witness.ts';
import { newKey, recordsInMemory, type StagedLog, stagedLog } from '#test/support/log-stage.ts';

const ORIGIN = 'clickday.example/g1';
const NOW_S = 1_296_457_200;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function stage(
  logs: readonly StagedLog[],
  root = mkdtempSync(join(tmpdir(), 'clickday-witness-')),
) {
  folders.push(root);
  const places = witnessPlaces(root);
  const cosigner = loadOrCreateCosigner(places.key, undefined);
  const records = witnessRecords(places, cosigner.key);
  const open = (with_: WitnessRecords = records) =>
    createWitness({ cosigner, keys: logs.map(({ key }) => key), records: with_ });
  return { root, places, cosigner, records, open };
}

const refused = (why: string) => ({ kind: 'refused', why });
const conflict = (size: number, isOtherRoot = false) => ({ kind: 'conflict', size, isOtherRoot });
const cosigned = { kind: 'cosigned' };

/** The note with the cosignature that the witness gave. */
function withLine(note: string, verdict: Verdict): SignedNote | undefined {
  return verdict.kind === 'cosigned' ? parseNote(note + verdict.line) : undefined;
}

describe('a witness cosigns', () => {
  it('the words of C2SP tlog-cosignature, in a signature of 72 bytes', () => {
    const log = stagedLog({ origin: ORIGIN });
    const { open, cosigner: own } = stage([log]);
    const note = withLine(log.note(2), open().addCheckpoint(log.request(0, 2), NOW_S))!;
    const bytes = Buffer.from(signaturesOf(note, own.key, sha256)[0]!.signature);
    const root = toBase64(log.root(2));
    const words = `cosignature/v1\ntime 1296457200\nclickday.example/g1\n2\n${root}\n`;
    const x = Buffer.from(own.key.publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(bytes).toHaveLength(72);
    expect(bytes.readBigUInt64BE()).toBe(1_296_457_200n);
    expect(verify(null, Buffer.from(words), key, bytes.subarray(8))).toBe(true);
  });

  it('a first checkpoint, then each that has grown from the last, with the time', () => {
    const log = stagedLog({ origin: ORIGIN });
    const { open, cosigner } = stage([log]);
    const witness = open();
    for (const [oldSize, size] of [
      [0, 5],
      [5, 5],
      [5, 8],
      [8, 300],
    ] as const) {
      const verdict = witness.addCheckpoint(log.request(oldSize, size), NOW_S + size);
      const note = withLine(log.note(size), verdict);
      expect(isSignedBy(note, cosigner.key), `${oldSize} to ${size}`).toBe(true);
      const [line] = signaturesOf(note!, cosigner.key, sha256);
      expect(decodeCosignature(line!.signature)?.timeS).toBe(NOW_S + size);
    }
    expect(witness.logs()).toEqual([
      { origin: ORIGIN, size: 300, timeS: NOW_S + 300, isContradicted: false },
    ]);
  });

  it('the empty log, once it is empty indeed', () => {
    const log = stagedLog({ origin: ORIGIN });
    const { open } = stage([log]);
    const witness = open();
    expect(witness.addCheckpoint(log.request(0, 0), NOW_S)).toMatchObject(cosigned);
    expect(witness.addCheckpoint(log.request(0, 0), NOW_S)).toMatchObject(cosigned);
    expect(witness.addCheckpoint(log.request(0, 3), NOW_S)).toMatchObject(cosigned);
    expect(witness.addCheckpoint(log.request(0, 3), NOW_S)).toMatchObject(conflict(3));
  });

  it('never with an earlier time than before, whatever its clock does', () => {
    const log = stagedLog({ origin: ORIGIN });
    const { open, cosigner } = stage([log]);
    open().addCheckpoint(log.request(0, 5), NOW_S);
    const verdict = open().addCheckpoint(log.request(5, 6), NOW_S - 3600);
    const [line] = signaturesOf(withLine(log.note(6), verdict)!, cosigner.key, sha256);
    expect(decodeCosignature(line!.signature)?.timeS).toBe(NOW_S);
  });

  it('several logs apart from each other, and two keys of one while it rotates', () => {
    const [one, two] = [stagedLog({ origin: ORIGIN }), stagedLog({ origin: 'other.example' })];
    const successor = stagedLog({ origin: ORIGIN });
    const witness = stage([one, two, successor]).open();
    expect(witness.addCheckpoint(one.request(0, 9), NOW_S)).toMatchObject(cosigned);
    expect(witness.addCheckpoint(two.request(0, 2), NOW_S)).toMatchObject(cosigned);
    expect(witness.addCheckpoint(successor.request(9, 10), NOW_S)).toMatchObject(cosigned);
    expect(witness.logs().map(({ size }) => size)).toEqual([10, 2]);
  });
});

describe('a witness refuses', () => {
  const log = stagedLog({ origin: ORIGIN });
  /** A witness that has cosigned 20 leaves of the log. */
  const at20 = () => {
    const staged = stage([log]);
    const witness = staged.open();
    witness.addCheckpoint(log.request(0, 20), NOW_S);
    return { ...staged, witness };
  };
  const bodyOf = (oldSize: number, proof: readonly Uint8Array[], note: string) =>
    formatAddCheckpoint({ oldSize, proof, note });

  it('to go back, by whatever old size', () => {
    const { witness } = at20();
    for (const oldSize of [0, 7, 10]) {
      expect(witness.addCheckpoint(log.request(oldSize, 10), NOW_S)).toMatchObject(conflict(20));
    }
    expect(witness.addCheckpoint(bodyOf(20, [], log.note(10)), NOW_S)).toMatchObject(
      refused('MALFORMED'),
    );
  });

  it('a second root of one size, and keeps the first such note as proof', () => {
    const jwk = newKey();
    const [own, fork] = ['entry', 'fork'].map((word) =>
      stagedLog({ origin: ORIGIN, jwk, leaf: (at) => (at < 5 ? `entry ${at}` : `${word} ${at}`) }),
    ) as [StagedLog, StagedLog];
    const { open, places } = stage([own]);
    const witness = open();
    witness.addCheckpoint(own.request(0, 20), NOW_S);
    for (const oldSize of [20, 5, 0]) {
      expect(witness.addCheckpoint(fork.request(oldSize, 20), NOW_S)).toMatchObject(
        conflict(20, true),
      );
    }
    expect(witness.addCheckpoint(fork.request(20, 25), NOW_S)).toMatchObject(
      refused('PROOF_WRONG'),
    );
    expect(witness.logs()[0]).toMatchObject({ size: 20, isContradicted: true });
    const third = stagedLog({ origin: ORIGIN, jwk, leaf: (at) => `third ${at}` });
    witness.addCheckpoint(third.request(20, 20), NOW_S);
    expect(readFileSync(places.contradiction(ORIGIN), 'utf8')).toBe(fork.note(20));
    expect(witness.addCheckpoint(own.request(20, 25), NOW_S)).toMatchObject(cosigned);
  });

  it('a proof that is missing, spoilt, too long or another’s', () => {
    const { witness } = at20();
    const proof = log.proof(20, 33);
    for (const wrong of [[], proof.slice(1), [...proof, proof[0]!], log.proof(19, 33)]) {
      expect(witness.addCheckpoint(bodyOf(20, wrong, log.note(33)), NOW_S)).toMatchObject(
        refused('PROOF_WRONG'),
      );
    }
    const first = stage([log]).open();
    expect(first.addCheckpoint(bodyOf(0, proof, log.note(33)), NOW_S)).toMatchObject(
      refused('PROOF_WRONG'),
    );
    expect(witness.addCheckpoint(bodyOf(20, proof, log.note(20)), NOW_S)).toMatchObject(
      refused('PROOF_WRONG'),
    );
    expect(witness.addCheckpoint(bodyOf(20, proof, log.note(33)), NOW_S)).toMatchObject(cosigned);
  });

  it('a log that it does not know, and one that signs with another key', () => {
    const { witness } = at20();
    const stranger = stagedLog({ origin: 'stranger.example' });
    const impostor = stagedLog({ origin: ORIGIN });
    expect(witness.addCheckpoint(stranger.request(0, 3), NOW_S)).toMatchObject(
      refused('LOG_UNKNOWN'),
    );
    expect(witness.addCheckpoint(impostor.request(20, 33), NOW_S)).toMatchObject(
      refused('SIGNATURE_WRONG'),
    );
    // The right key's name over another text.
    const moved = log.note(33).replace('\n33\n', '\n34\n');
    expect(witness.addCheckpoint(bodyOf(20, log.proof(20, 33), moved), NOW_S)).toMatchObject(
      refused('SIGNATURE_WRONG'),
    );
    // A wrong signature of a known key beside a right one of another.
    const both = stage([log, impostor]).open();
    const mixed = log.note(33) + impostor.note(34).split('\n').slice(-2).join('\n');
    expect(both.addCheckpoint(bodyOf(0, [], mixed), NOW_S)).toMatchObject(
      refused('SIGNATURE_WRONG'),
    );
  });

  it('what is not written as the specification says', () => {
    const { witness } = at20();
    const note = log.note(33);
    const hash = toBase64(log.root(1));
    const wrong = [
      ...['', '\n\n', note, `old 20\n${note}`, `old\n\n${note}`, `Old 20\n\n${note}`],
      ...[`old 020\n\n${note}`, `old -1\n\n${note}`, `old 2e1\n\n${note}`, `old 20 \n\n${note}`],
      ...[`old 20\r\n\r\n${note}`, `old 99999999999999999\n\n${note}`],
      ...[`old 20\n${hash.slice(0, -4)}\n\n${note}`, `old 20\n${hash}=\n\n${note}`],
      `old 20\n${`${hash}\n`.repeat(64)}\n${note}`,
      ...[`old 20\n\n${note.slice(0, -1)}`, `old 20\n\n${note.replace('33', '033')}`],
      `old 20\n\n${note.replace('\n\n', '\n\n\n')}`,
    ];
    for (const body of wrong) {
      expect(witness.addCheckpoint(body, NOW_S), JSON.stringify(body)).toEqual(
        expect.objectContaining(refused('MALFORMED')),
      );
    }
    expect(parseAddCheckpoint(`old 20\n${`${hash}\n`.repeat(63)}\n${note}`)?.proof).toHaveLength(
      63,
    );
  });
});

describe('what a witness has cosigned', () => {
  const log = stagedLog({ origin: ORIGIN });

  it('is remembered after a restart, as a note that carries its cosignature', () => {
    const { open, places, cosigner } = stage([log]);
    open().addCheckpoint(log.request(0, 20), NOW_S);
    const stored = parseNote(readFileSync(places.record(ORIGIN), 'utf8'));
    expect(isSignedBy(stored, cosigner.key) && isSignedBy(stored, log.key)).toBe(true);
    expect(open().addCheckpoint(log.request(0, 10), NOW_S)).toMatchObject(conflict(20));
    expect(open().addCheckpoint(log.request(20, 21), NOW_S)).toMatchObject(cosigned);
  });

  it('is on disk before the cosignature leaves: a crash between the two loses nothing', () => {
    const { open, records, places } = stage([log]);
    open().addCheckpoint(log.request(0, 20), NOW_S);
    const dying = (write: WitnessRecords['write']) =>
      open({ ...records, write: (origin, note) => die(() => write(origin, note)) });
    // Before it was written nothing has happened; afterwards it has, and the log learns it.
    const before = dying(() => undefined);
    expect(() => before.addCheckpoint(log.request(20, 30), NOW_S)).toThrow('crashed');
    expect(open().addCheckpoint(log.request(20, 30), NOW_S)).toMatchObject(cosigned);
    const after = dying(records.write);
    expect(() => after.addCheckpoint(log.request(30, 40), NOW_S)).toThrow('crashed');
    expect(open().addCheckpoint(log.request(30, 40), NOW_S)).toMatchObject(conflict(40));
    expect(open().addCheckpoint(log.request(40, 40), NOW_S)).toMatchObject(cosigned);
    expect(readdirSync(join(places.root, 'logs'))).toHaveLength(1);
  });

  it('is not believed when somebody changed it', () => {
    const { open, places } = stage([log]);
    open().addCheckpoint(log.request(0, 20), NOW_S);
    const record = readFileSync(places.record(ORIGIN), 'utf8');
    for (const changed of [record.replace('\n20\n', '\n10\n'), log.note(10), '']) {
      writeFileSync(places.record(ORIGIN), changed);
      expect(open).toThrow(RecordForged);
    }
  });

  it('belongs to one key and one name, which only its owner can read', () => {
    const { places, cosigner } = stage([]);
    expect(statSync(places.key).mode & 0o777).toBe(0o600);
    expect(loadOrCreateCosigner(places.key, undefined).key).toEqual(cosigner.key);
    expect(() => loadOrCreateCosigner(places.key, 'another.example')).toThrow(WitnessNamed);
  });
});

function die(write: () => void): never {
  write();
  throw new Error('crashed');
}

describe('whatever logs send', () => {
  it('all that a witness has cosigned is one history', () => {
    const SIZE = 24;
    const jwk = newKey();
    const own = cosigner('witness.example/w1', newKey());
    const branch = (word: string, from: number) =>
      stagedLog({ origin: ORIGIN, jwk, leaf: (at) => (at < from ? `${at}` : `${word} ${at}`) });
    const size = fc.nat(SIZE);
    const step = fc.record({ branch: fc.nat(2), oldSize: size, size, knows: fc.boolean() });
    fc.assert(
      fc.property(fc.nat(SIZE), fc.array(step, { maxLength: 12 }), (from, steps) => {
        const branches = [branch('a', SIZE), branch('b', from), branch('c', from)];
        const { key } = branches[0]!;
        const witness = createWitness({ cosigner: own, keys: [key], records: recordsInMemory() });
        const given: { size: number; branch: number }[] = [];
        for (const one of steps) {
          const last = given.at(-1)?.size ?? 0;
          // Half of the time somebody who knows where the witness is.
          const oldSize = Math.min(one.knows ? last : one.oldSize, one.size);
          const verdict = witness.addCheckpoint(
            branches[one.branch]!.request(oldSize, one.size),
            NOW_S,
          );
          if (verdict.kind === 'cosigned') given.push(one);
        }
        for (const [at, later] of given.entries()) {
          const earlier = given[at - 1];
          if (earlier === undefined) continue;
          expect(later.size).toBeGreaterThanOrEqual(earlier.size);
          const [before, after] = [branches[earlier.branch]!, branches[later.branch]!];
          expect(after.root(earlier.size)).toEqual(before.root(earlier.size));
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a list of witnesses', () => {
  it('is read, or refused in a sentence', () => {
    const { cosigner } = stage([]);
    const key = formatNoteKey(cosigner.key, sha256);
    const other = formatNoteKey(loadOrCreateCosigner(stage([]).places.key, undefined).key, sha256);
    const log = stagedLog({ origin: ORIGIN }).verifierKey;
    const found = [{ key: cosigner.key, url: 'https://w.example/a' }];
    expect(parseWitnesses('', sha256)).toEqual([]);
    expect(parseWitnesses(` ${key}@https://w.example/a/ ,`, sha256)).toEqual(found);
    const wrong = [key, `${key}@w.example`, `${key.slice(0, -2)}@http://a`, '@http://a'];
    for (const text of [...wrong, `${log}@http://a`, `${key}@http://a,${other}@http://b`]) {
      expect(parseWitnesses(text, sha256), text).toMatch(/^must /);
    }
  });
});
