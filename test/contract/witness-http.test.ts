/** The witness over HTTP, as C2SP tlog-witness has it: statuses, content types, bounds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ManualTimers, manualClock, manualTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { isSignedBy, sha256 } from '#engine/foundation/note-signing.ts';
import {
  createWitness,
  createWitnessServer,
  loadOrCreateCosigner,
  type WitnessServer,
  witnessPlaces,
  witnessRecords,
} from '#engine/witness/index.ts';
import { formatNoteKey, parseNote } from '#protocol/log/note.ts';
import { formatAddCheckpoint } from '#protocol/log/witness.ts';
import { stagedLog } from '#test/support/log-stage.ts';

const log = stagedLog({ origin: 'clickday.example/g1' });
const NOW_US = 1_296_457_200_000_000;

let root: string;
let server: WitnessServer;
let port: number;
let timers: ManualTimers;
let key: ReturnType<typeof loadOrCreateCosigner>['key'];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'clickday-witness-'));
  const places = witnessPlaces(root);
  const cosigner = loadOrCreateCosigner(places.key, 'witness.example/w1');
  const records = witnessRecords(places, cosigner.key);
  const witness = createWitness({ cosigner, keys: [log.key], records });
  timers = manualTimers();
  const clock = manualClock({ nowUs: NOW_US });
  key = cosigner.key;
  server = createWitnessServer({ witness, key, clock, timers, log: silentLog() });
  port = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const call = (path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { Connection: 'close' } });
const add = (body: string | Uint8Array<ArrayBuffer>) =>
  call('/add-checkpoint', { method: 'POST', body });

describe('add-checkpoint', () => {
  it('answers 200 with signature lines that make the note a cosigned one', async () => {
    const answer = await add(log.request(0, 20));
    expect(answer.status).toBe(200);
    const note = parseNote(log.note(20) + (await answer.text()));
    expect(isSignedBy(note, key) && isSignedBy(note, log.key)).toBe(true);
  });

  it('answers 409 with the size that the witness has, in its own content type', async () => {
    const first = await add(log.request(5, 20));
    expect([first.status, await first.text()]).toEqual([409, '0\n']);
    await add(log.request(0, 20));
    const again = await add(log.request(0, 25));
    expect(again.headers.get('content-type')).toBe('text/x.tlog.size');
    expect([again.status, await again.text()]).toEqual([409, '20\n']);
  });

  it('answers 400, 403, 404 and 422 each to its own fault', async () => {
    const stranger = stagedLog({ origin: 'stranger.example' });
    const impostor = stagedLog({ origin: 'clickday.example/g1' });
    const unproved = formatAddCheckpoint({ oldSize: 0, proof: [log.root(1)], note: log.note(3) });
    const line = [...Buffer.from('— '), 0xff, ...Buffer.from(' AAAAAAAA\n')];
    const notText = Uint8Array.from([...Buffer.from(log.request(0, 3)), ...line]);
    expect((await add('old 0\n\nnothing')).status).toBe(400);
    expect((await add(notText)).status).toBe(400);
    expect((await add(impostor.request(0, 3))).status).toBe(403);
    expect((await add(stranger.request(0, 3))).status).toBe(404);
    expect((await add(unproved)).status).toBe(422);
  });

  it('lets one of two win that come at once from the same size', async () => {
    await add(log.request(0, 20));
    const answers = await Promise.all([25, 30, 25, 30].map((size) => add(log.request(20, size))));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409, 409, 409]);
    const won = answers.findIndex(({ status }) => status === 200);
    const size = [25, 30, 25, 30][won];
    const { logs } = (await (await call('/health')).json()) as { logs: object[] };
    expect(logs).toMatchObject([{ size }]);
    for (const [at, answer] of answers.entries()) {
      if (at !== won) expect(await answer.text()).toBe(`${size}\n`);
    }
  });

  it('reads no more than it must', async () => {
    expect((await add(`old 0\n\n${'x'.repeat(65 * 1024)}`)).status).toBe(413);
    expect((await add(log.request(0, 3))).status).toBe(200);
  });

  it('tells an address that asks too often to come back', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 21; at += 1) statuses.push((await add('')).status);
    expect(statuses).toEqual([...Array<number>(20).fill(400), 429]);
    timers.advance(1000);
    expect((await add('')).status).toBe(400);
  });
});

describe('the witness', () => {
  it('shows its key and its logs to whoever asks', async () => {
    await add(log.request(0, 20));
    const shown = {
      ...{ status: 'ok', name: 'witness.example/w1', key: formatNoteKey(key, sha256) },
      logs: [
        {
          ...{ origin: 'clickday.example/g1', size: 20, isContradicted: false },
          at: '2011-01-31T07:00:00.000000Z',
        },
      ],
    };
    expect(await (await call('/health')).json()).toEqual(shown);
    expect(await (await call('/')).json()).toEqual(shown);
  });

  it('knows no other call and no other method', async () => {
    expect((await call('/add-checkpoint')).status).toBe(405);
    expect((await call('/health', { method: 'POST' })).status).toBe(405);
    expect((await call('/elsewhere')).status).toBe(404);
  });

  it('serves on one connection after the other request, and goes on after one that broke off', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /add-checkpoint HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nold 0');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    const url = `http://127.0.0.1:${port}/add-checkpoint`;
    for (const [oldSize, size] of [
      [0, 3],
      [3, 4],
    ] as const) {
      const { status } = await fetch(url, { method: 'POST', body: log.request(oldSize, size) });
      expect(status).toBe(200);
    }
  });
});
