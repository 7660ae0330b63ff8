/** Cosigning beside the signing: who is asked when, what is believed, what the public sees. */
import { describe, expect, it } from 'vitest';
import { cosigner, isSignedBy } from '#engine/foundation/note-signing.ts';
import {
  createCosigning,
  OFFER_EVERY_MS,
  PATIENCE_MS,
  REFRESH_EVERY_MS,
} from '#engine/log/cosigning.ts';
import type { PostAnswer } from '#engine/log/witness-exchange.ts';
import { createWitness } from '#engine/witness/index.ts';
import { parseNote, signatureLine } from '#protocol/log/note.ts';
import { parseAddCheckpoint, SIZE_TYPE } from '#protocol/log/witness.ts';
import { newKey, recordsInMemory, stagedLog } from '#test/support/log-stage.ts';

const ORIGIN = 'clickday.example/g1';
const NOW_S = 1_296_457_200;
const AT = '2011-01-31T07:00:00.000000Z';
const STATUS = { MALFORMED: 400, LOG_UNKNOWN: 404, SIGNATURE_WRONG: 403, PROOF_WRONG: 422 };

/** A witness behind a network in the test's hand: nothing is answered before `deliver`. */
function remote(name: string, log: ReturnType<typeof stagedLog>) {
  const signer = cosigner(name, newKey());
  const witness = createWitness({ cosigner: signer, keys: [log.key], records: recordsInMemory() });
  const waiting: { body: string; give: (answer: PostAnswer | undefined) => void }[] = [];
  const answerOf = (body: string): PostAnswer => {
    const verdict = witness.addCheckpoint(body, NOW_S);
    if (verdict.kind === 'cosigned') return { status: 200, type: 'text/plain', body: verdict.line };
    if (verdict.kind === 'refused') return { status: STATUS[verdict.why], type: '', body: '' };
    return { status: 409, type: SIZE_TYPE, body: `${verdict.size}\n` };
  };
  const turn = async () => {
    for (let at = 0; at < 20; at += 1) await Promise.resolve();
  };
  return {
    name,
    signer,
    witness,
    address: { key: signer.key, url: `http://${name}` },
    /** Old sizes of the requests that nobody has answered. */
    asked: () => waiting.map(({ body }) => parseAddCheckpoint(body)!.oldSize),
    deliver: async (change: (answer: PostAnswer) => PostAnswer | undefined = (same) => same) => {
      for (const { body, give } of waiting.splice(0)) give(change(answerOf(body)));
      await turn();
    },
    post: (_url: string, body: string) =>
      new Promise<PostAnswer>((resolve, reject) => {
        const give = (answer?: PostAnswer) =>
          answer === undefined ? reject(new Error('no answer')) : resolve(answer);
        waiting.push({ body, give });
      }),
  };
}

function stage(names = ['w1.example'], start: { signed?: string; cosigned?: string } = {}) {
  const log = stagedLog({ origin: ORIGIN });
  const remotes = names.map((name) => remote(name, log));
  let nowMs = 0;
  let newest = '';
  const kept: string[] = [];
  const open = (found: { signed?: string | undefined; cosigned?: string | undefined } = start) =>
    createCosigning({
      witnesses: remotes.map(({ address }) => address),
      post: (url, body) => remotes.find(({ name }) => url.includes(name))!.post(url, body),
      proof: log.proof,
      monotonicMs: () => nowMs,
      ...{ signed: found.signed, cosigned: found.cosigned },
      keep: (note) => kept.push(note),
      onChange: () => undefined,
    });
  const cosigning = open();
  return {
    ...{ log, remotes, cosigning, kept, open },
    first: remotes[0]!,
    /** The log has signed so many, `ms` later. */
    sign: (size: number, ms: number, of = cosigning) => {
      nowMs += ms;
      newest = log.note(size);
      of.step(newest);
    },
    /** Time passes and nothing is signed. */
    pass: (ms: number, of = cosigning) => {
      nowMs += ms;
      of.step(newest);
    },
  };
}

const sizeOf = (note: string | undefined) => Number(note?.split('\n')[1]);
const by = (note: string | undefined, who: ReturnType<typeof remote>) =>
  note !== undefined && isSignedBy(parseNote(note), who.signer.key);

describe('what the public sees', () => {
  it('is the newest note with its cosignature, as soon as that has come', async () => {
    const { log, cosigning, first, sign } = stage();
    sign(5, 0);
    expect(cosigning.shown()).toBeUndefined();
    await first.deliver();
    expect(by(cosigning.shown(), first)).toBe(true);
    expect(cosigning.shown()?.startsWith(log.note(5))).toBe(true);
    expect(cosigning.cosigned()).toBe(cosigning.shown());
    expect(cosigning.reports()).toEqual([{ name: first.name, size: 5, at: AT, trouble: null }]);
  });

  it('is the note without, when a witness lets it wait; what comes late is put to it', async () => {
    const { cosigning, first, sign, pass } = stage();
    sign(5, 0);
    pass(PATIENCE_MS - 1);
    expect(cosigning.shown()).toBeUndefined();
    pass(1);
    expect(sizeOf(cosigning.shown())).toBe(5);
    expect(by(cosigning.shown(), first)).toBe(false);
    await first.deliver();
    expect(by(cosigning.shown(), first)).toBe(true);
  });

  it('goes on while entries arrive and a witness is silent', () => {
    const { cosigning, sign } = stage();
    const seen = [1, 2, 3, 4, 5, 6, 7, 8].map((size) => {
      sign(size, size === 1 ? 0 : OFFER_EVERY_MS / 4);
      return sizeOf(cosigning.shown());
    });
    expect(seen).toEqual([Number.NaN, Number.NaN, 1, 1, 1, 1, 5, 5]);
  });

  it('waits for no witness that did not answer last time, and goes on without it', async () => {
    const { cosigning, first, sign } = stage();
    sign(5, 0);
    await first.deliver();
    sign(8, OFFER_EVERY_MS);
    await first.deliver(() => undefined);
    expect(sizeOf(cosigning.shown())).toBe(8);
    sign(9, OFFER_EVERY_MS);
    expect(sizeOf(cosigning.shown())).toBe(9);
    // Who takes cosigned notes only still has the last one.
    expect([sizeOf(cosigning.cosigned()), by(cosigning.cosigned(), first)]).toEqual([5, true]);
    expect(cosigning.reports()[0]).toMatchObject({ size: 5, trouble: 'UNREACHABLE' });
    // The answer was lost and not the request: the witness has 8, and says so.
    expect(first.asked()).toEqual([5]);
    await first.deliver();
    expect(first.asked()).toEqual([8]);
    await first.deliver();
    expect(sizeOf(cosigning.cosigned())).toBe(9);
    expect(cosigning.reports()[0]).toMatchObject({ size: 9, trouble: null });
  });

  it('carries the cosignatures of all who answer', async () => {
    const { cosigning, remotes, sign } = stage(['w1.example', 'w2.example']);
    const [one, two] = [remotes[0]!, remotes[1]!];
    sign(5, 0);
    await one.deliver();
    expect(cosigning.shown()).toBeUndefined();
    await two.deliver();
    expect(by(cosigning.shown(), one) && by(cosigning.shown(), two)).toBe(true);
  });

  it('keeps the newest cosigned note when an older one comes back late', async () => {
    const { cosigning, remotes, kept, sign } = stage(['w1.example', 'w2.example']);
    const [one, two] = [remotes[0]!, remotes[1]!];
    sign(5, 0);
    await two.deliver();
    sign(8, OFFER_EVERY_MS);
    await two.deliver();
    await one.deliver();
    expect(cosigning.reports().map(({ size }) => size)).toEqual([5, 8]);
    expect(sizeOf(cosigning.cosigned())).toBe(8);
    expect(kept.map(sizeOf)).toEqual([5, 8]);
  });

  it('is no note of witnesses that are asked no more', async () => {
    const { cosigning, first, sign } = stage();
    sign(5, 0);
    await first.deliver();
    const note = cosigning.cosigned();
    const { open } = stage(['w2.example']);
    expect(open({ signed: undefined, cosigned: note }).cosigned()).toBeUndefined();
  });

  it('after a start is what lies on the disk, cosigned if that note was', async () => {
    const { log, cosigning, kept, first, sign, pass, open } = stage();
    sign(5, 0);
    await first.deliver();
    expect(kept).toEqual([cosigning.shown()]);
    const again = open({ signed: log.note(5), cosigned: kept[0] });
    expect(again.shown()).toBe(kept[0]);
    pass(0, again);
    expect(first.asked()).toHaveLength(1); // is it still there?
    const older = open({ signed: log.note(8), cosigned: kept[0] });
    expect([sizeOf(older.shown()), older.cosigned()]).toEqual([8, kept[0]]);
  });
});

describe('a witness is asked', () => {
  it('once a second for the newest note, whatever was signed in between', async () => {
    const { first, sign, cosigning } = stage();
    sign(1, 0);
    await first.deliver();
    for (const size of [2, 3, 4]) sign(size, OFFER_EVERY_MS / 4);
    expect(first.asked()).toEqual([]);
    sign(5, OFFER_EVERY_MS / 4);
    expect(first.asked()).toEqual([1]);
    // One that has not answered is not asked again.
    sign(6, OFFER_EVERY_MS);
    sign(7, OFFER_EVERY_MS);
    expect(first.asked()).toEqual([1]);
    await first.deliver();
    sign(7, 0);
    await first.deliver();
    expect(cosigning.reports()[0]).toMatchObject({ size: 7, trouble: null });
  });

  it('for what it has when that is not known, and takes its word', async () => {
    const { log, cosigning, first, sign } = stage();
    first.witness.addCheckpoint(log.request(0, 20), NOW_S);
    sign(33, 0);
    expect(first.asked()).toEqual([0]);
    await first.deliver();
    expect(first.asked()).toEqual([20]);
    await first.deliver();
    expect(by(cosigning.shown(), first)).toBe(true);
  });

  it('ever more seldom while it does not answer, and at once when all is quiet and well', async () => {
    const { first, sign, pass } = stage();
    sign(5, 0);
    const pauses: number[] = [];
    for (let failures = 0; failures < 8; failures += 1) {
      await first.deliver(() => undefined);
      let ms = 0;
      for (; first.asked().length === 0; ms += 250) pass(250);
      pauses.push(ms);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    while (first.asked().length > 0) await first.deliver();
    pass(REFRESH_EVERY_MS - 1);
    expect(first.asked()).toEqual([]);
    pass(1);
    expect(first.asked()).toEqual([5]);
    // Also then it is not asked over and over.
    await first.deliver(() => undefined);
    pass(1);
    expect(first.asked()).toEqual([]);
  });
});

describe('nothing is believed', () => {
  const wrong: Record<string, (answer: PostAnswer) => PostAnswer> = {
    'but a cosignature': (answer) => ({ ...answer, body: 'fine\n' }),
    'of another text': (answer) => ({ ...answer, body: otherText(answer.body) }),
    'of a status that is none': (answer) => ({ ...answer, status: 500 }),
    'of a size in the wrong type': () => ({ status: 409, type: 'text/plain', body: '3\n' }),
    'of a size that is none': () => ({ status: 409, type: SIZE_TYPE, body: '-3\n' }),
    'of a size that we have said': () => ({ status: 409, type: SIZE_TYPE, body: '0\n' }),
  };
  /** A bit of the signature turned. */
  const otherText = (line: string) => {
    const note = parseNote(`x\n\n${line}`)!;
    const [own] = note.signatures;
    const signature = own!.signature.with(20, own!.signature[20]! ^ 1);
    return signatureLine({ ...own!, signature });
  };

  it.each(Object.entries(wrong))('%s', async (_name, change) => {
    const { cosigning, first, sign, pass } = stage();
    sign(5, 0);
    await first.deliver(change);
    pass(PATIENCE_MS);
    expect(cosigning.shown()).not.toContain(first.name);
    expect(cosigning.cosigned()).toBeUndefined();
    expect(cosigning.reports()[0]).toMatchObject({ size: null, trouble: 'ANSWER_WRONG' });
  });
});

describe('a log that contradicts what was cosigned', () => {
  it('is told so: shorter, another root, another history; and goes on without', async () => {
    const jwk = newKey();
    const before = stagedLog({ origin: ORIGIN, jwk });
    const now = stagedLog({
      origin: ORIGIN,
      jwk,
      leaf: (at) => `${at < 10 ? 'entry' : 'x'} ${at}`,
    });
    const there = remote('w1.example', now);
    there.witness.addCheckpoint(before.request(0, 20), NOW_S);
    let nowMs = 0;
    const cosigning = createCosigning({
      ...{ witnesses: [there.address], post: there.post, proof: now.proof },
      ...{ signed: undefined, cosigned: undefined, keep: () => undefined },
      ...{ monotonicMs: () => nowMs, onChange: () => undefined },
    });
    for (const size of [12, 20, 30]) {
      cosigning.step(now.note(size));
      while (there.asked().length > 0) await there.deliver();
      expect(cosigning.reports()[0]?.trouble, `size ${size}`).toBe('CONTRADICTED');
      expect(cosigning.shown()).toBe(now.note(size));
      nowMs += 60_000;
    }
  });

  it('is not one that somebody else has told the witness of', async () => {
    const { log, cosigning, first, sign } = stage();
    sign(5, 0);
    sign(9, 250);
    first.witness.addCheckpoint(log.request(0, 9), NOW_S);
    await first.deliver();
    expect(cosigning.reports()[0]?.trouble).toBeNull();
    sign(9, 750);
    await first.deliver();
    expect(cosigning.reports()[0]).toMatchObject({ size: 9, trouble: null });
  });

  it('hears when a witness does not know it, or not its key', async () => {
    for (const [status, trouble] of [
      [404, 'LOG_UNKNOWN'],
      [403, 'KEY_UNKNOWN'],
    ] as const) {
      const { cosigning, first, sign } = stage();
      sign(5, 0);
      await first.deliver((answer) => ({ ...answer, status }));
      expect(cosigning.reports()[0]?.trouble).toBe(trouble);
    }
  });
});
