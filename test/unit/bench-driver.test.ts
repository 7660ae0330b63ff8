/** The load generator's frames against a WebSocket library that is not ours. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { violationsOf } from '#bench/check.ts';
import { NO_SUBMISSION } from '#bench/drivers/answers.ts';
import { clientFrame, FrameCutter, FrameParser } from '#bench/drivers/frames.ts';
import { playLoad } from '#bench/drivers/load.ts';
import { RawSocket } from '#bench/drivers/raw-socket.ts';
import { Swarm, type SwarmShare } from '#bench/drivers/swarm.ts';
import { playSwarm } from '#bench/drivers/swarm-process.ts';
import { latenciesOf, spreadOf } from '#bench/statistics.ts';

let server: WebSocketServer | undefined;
afterEach(() => {
  for (const client of server?.clients ?? []) client.terminate();
  server?.close();
});

interface Asked {
  readonly application: string;
  readonly ref?: string;
}

/** A gate that answers each submit with what `answer` says; `count` is the number so far. */
async function gate(answer: (asked: Asked, count: number) => object): Promise<number> {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  let count = 0;
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Asked & { type: string };
      if (frame.type === 'hello') return socket.send('{"type":"welcome"}');
      count += 1;
      socket.send(JSON.stringify(answer(frame, count)));
    });
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A share of one connection with these applications. */
function shareTo(port: number, applications: string[], more: Partial<SwarmShare> = {}): SwarmShare {
  return {
    ...{ host: '127.0.0.1', port, path: '/', sourceAddresses: ['127.0.0.1'] },
    load: { kind: 'closed', inFlight: 2, honoursRetry: true },
    refs: false,
    connections: [{ passbooks: ['x'.repeat(70_000)], applications }],
    numbers: [0],
    ...more,
  };
}

async function played(share: SwarmShare) {
  const swarm = new Swarm(share);
  await swarm.connect();
  await swarm.play();
  const told = { answers: swarm.answers(), failures: swarm.failures(), retries: swarm.retries() };
  swarm.close();
  return told;
}

describe('the swarm', () => {
  it('submits everything once and keeps every answer', async () => {
    const asked: string[] = [];
    const port = await gate(({ application }, seq) => {
      asked.push(application);
      return { type: 'accepted', application, seq, stamp: '2011-01-31T07:00:00.000123Z' };
    });
    const { answers, failures } = await played(shareTo(port, ['a', 'b', 'c', 'd', 'e']));
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([...answers.submission]).toEqual([0, 1, 2, 3, 4]);
    expect([...answers.seq]).toEqual([1, 2, 3, 4, 5]);
    expect(answers.stampUs[0]).toBe(Date.UTC(2011, 0, 31, 7) * 1000 + 123);
    expect(failures).toEqual([]);
  });

  it('sends again what was refused for a while, and not what was refused for good', async () => {
    const asked: string[] = [];
    const port = await gate(({ application }, count) => {
      asked.push(application);
      const rejected = { type: 'rejected', application };
      if (count === 1) return { ...rejected, code: 'OVERLOADED', retryAfterMs: 1 };
      if (application === 'b') return { ...rejected, code: 'CLOSED' };
      return { type: 'accepted', application, seq: count };
    });
    const load = { kind: 'closed', inFlight: 1, honoursRetry: true } as const;
    const { answers, retries } = await played(shareTo(port, ['a', 'b'], { load }));
    expect(asked).toEqual(['a', 'a', 'b']);
    expect(retries).toBe(1);
    const outcomes = [...answers.outcome].map((one) => answers.outcomes[one]);
    expect(outcomes).toEqual(['OVERLOADED', 'accepted', 'CLOSED']);
    expect([...answers.retryAfterMs]).toEqual([1, Number.NaN, Number.NaN]);
  });

  it('says why a connection ended, and does not wait for its answers', async () => {
    const port = await gate(() => {
      for (const client of server?.clients ?? []) client.close(4403);
      return { type: 'ignored' };
    });
    const { failures } = await played(shareTo(port, ['a', 'b', 'c']));
    expect(failures).toEqual(['closed with 4403']);
  });

  it('finds the submission of an answer by its ref when one application comes often', async () => {
    const port = await gate(({ application, ref }, seq) => ({
      type: 'accepted',
      ...{ application, ref, seq },
    }));
    const { answers } = await played(shareTo(port, ['a', 'a', 'a'], { refs: true, numbers: [7] }));
    expect([...answers.submission]).toEqual([7, 8, 9]);
  });

  it('tells an answer to something that was never submitted', async () => {
    const port = await gate((_, seq) => ({ seq, application: 'z', type: 'accepted' }));
    const { answers } = await played(shareTo(port, ['a']));
    expect([...answers.submission]).toEqual([NO_SUBMISSION]);
  });

  it('puts together what several threads saw', async () => {
    const port = await gate(({ application }, seq) => ({ type: 'accepted', application, seq }));
    const connections = ['a', 'b', 'c', 'd', 'e'].map((one) => ({
      passbooks: [],
      applications: [`${one}1`, `${one}2`],
    }));
    const plan = { ...shareTo(port, []), connections, threads: 2 };
    const { answers } = await playLoad(plan);
    expect([...answers.submission].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...answers.atMs]).toEqual([...answers.atMs].sort((one, other) => one - other));
    expect([...answers.seq].sort((one, other) => one - other).at(-1)).toBe(10);
  });

  it('counts latency from the instant a submission was due, not from its writing', async () => {
    const late: (() => void)[] = [];
    const listening = await gate(({ application }) => ({ type: 'ignored', application }));
    server!.on('connection', (socket) => {
      socket.on('message', (data) => {
        const { type, application } = JSON.parse(String(data)) as Asked & { type: string };
        if (type !== 'submit') return;
        late.push(() => socket.send(JSON.stringify({ type: 'accepted', application, seq: 1 })));
        if (late.length === 20) for (const answer of late) answer();
      });
    });
    const applications = Array.from({ length: 10 }, (_, at) => `a${at}`);
    const connections = [
      { passbooks: [], applications },
      { passbooks: [], applications: applications.map((one) => `${one}b`) },
    ];
    const load = { kind: 'open', perSecond: 200 } as const;
    const share = { ...shareTo(listening, []), connections, numbers: [0, 10], load };
    const { answers } = await played(share);
    const byDue = [...answers.dueAtMs].sort((one, other) => one - other);
    for (const [at, dueMs] of byDue.entries()) expect(dueMs - byDue[0]!).toBeCloseTo(at * 5, 3);
    for (let row = 0; row < answers.count; row += 1) {
      expect(answers.sentAtMs[row]).toBeGreaterThanOrEqual(answers.dueAtMs[row]!);
      expect(answers.atMs[row]! - byDue[0]!).toBeGreaterThanOrEqual(19 * 5);
    }
  });

  it('begins at the instant it is told', async () => {
    const port = await gate(({ application }) => ({ type: 'accepted', application, seq: 1 }));
    const startsAtUs = (Date.now() + 300) * 1_000;
    const swarm = new Swarm(shareTo(port, ['a']));
    await swarm.connect();
    const { startedAtMs } = await swarm.play({ startsAtUs });
    const startedAtUs = (startedAtMs + swarm.dateOffsetMs) * 1_000;
    swarm.close();
    expect(startedAtUs).toBeGreaterThanOrEqual(startsAtUs);
  });

  it('refuses to run when a connection cannot be opened', async () => {
    const port = await gate(() => ({}));
    server?.close();
    for (const client of server?.clients ?? []) client.terminate();
    await expect(playSwarm({ ...shareTo(port, ['a']), inFlight: 1 })).rejects.toThrow(/failed/);
  });
});

describe('a raw socket', () => {
  it('delivers everything in order to a reader that pauses', async () => {
    const received: Buffer[] = [];
    let reader: Socket | undefined;
    const listening = createServer((socket) => {
      reader = socket;
      socket.pause();
      socket.on('data', (chunk: Buffer) => received.push(chunk));
      socket.on('error', () => undefined);
    });
    listening.listen(0, '127.0.0.1');
    onTestFinished(() => {
      listening.close();
    });
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    const sent = Buffer.alloc(24 * 2 ** 20);
    for (let at = 0; at < sent.length; at += 4) sent.writeUInt32LE(at, at);
    const options = { host: '127.0.0.1', port, localAddress: '127.0.0.1' };
    const ignore = () => undefined;
    const readBuffer = Buffer.alloc(16);
    const socket = new RawSocket({ ...options, readBuffer, onRead: ignore, onEnd: ignore });
    await once(listening, 'connection');
    const half = sent.length / 2;
    for (let at = 0; at < half; at += 2 ** 16) socket.send(sent, at, at + 2 ** 16);
    reader!.resume();
    // The kernel has room again before all that waited is gone: nothing may overtake it.
    for (let at = half; at < sent.length; at += 2 ** 16) {
      socket.send(sent, at, at + 2 ** 16);
      await new Promise(setImmediate);
    }
    const total = () => received.reduce((sum, { length }) => sum + length, 0);
    await expect.poll(total, { timeout: 10_000 }).toBe(sent.length);
    expect(Buffer.concat(received).equals(sent)).toBe(true);
    socket.destroy();
  });
});

describe('the frame parser', () => {
  it('finds the frames however the bytes are cut', () => {
    const texts: string[] = [];
    const sink = { text: (one: string) => texts.push(one), closing: () => {}, ping: () => {} };
    const frame = (text: string) => {
      const payload = Buffer.from(text);
      const head = payload.length < 126 ? [0x81, payload.length] : [0x81, 126, 0, payload.length];
      return Buffer.concat([Buffer.from(head), payload]);
    };
    const sent = ['è', 'x'.repeat(200), '', 'last'];
    const bytes = Buffer.concat(sent.map(frame));
    for (let size = 1; size <= bytes.length; size += 1) {
      texts.length = 0;
      const parser = new FrameParser(sink);
      for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
      expect(texts).toEqual(sent);
    }
  });

  it('keeps nothing of a buffer that is used again', () => {
    const texts: string[] = [];
    const cutter = new FrameCutter((_, bytes, start, end) => {
      texts.push(bytes.toString('utf8', start, end));
    });
    const shared = Buffer.alloc(8);
    for (const part of ['\x81\x05he', 'llo\x81\x02', 'ok']) {
      shared.fill(0);
      cutter.push(shared, shared.write(part, 'latin1'));
    }
    expect(texts).toEqual(['hello', 'ok']);
  });

  it('masks what a client sends', () => {
    expect(clientFrame('hello').subarray(0, 2)).toEqual(Buffer.from([0x81, 0x85]));
    expect(clientFrame('hello').includes('hello')).toBe(false);
  });
});

describe('the check of a run', () => {
  const row = { application: 'a', seq: 1, stamp: 's' };

  it('passes a run whose acknowledgements are all in the ledger', () => {
    expect(violationsOf([row], [row])).toEqual([]);
  });

  it.each([
    ['lost', [row], []],
    ['renumbered', [{ ...row, seq: 2 }], [row]],
    ['stamped anew', [{ ...row, stamp: 't' }], [row]],
    ['doubled', [row], [row, { ...row, seq: 2 }]],
  ])('catches an entry that was %s', (_what, acknowledged, ledger) => {
    expect(violationsOf(acknowledged, ledger).length).toBeGreaterThan(0);
  });
});

describe('statistics', () => {
  it('ranks exactly', () => {
    const values = Array.from({ length: 1_000 }, (_, at) => 1_000 - at);
    expect(latenciesOf(values)).toEqual({ p50: 500, p90: 900, p99: 990, p999: 999, max: 1_000 });
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  });
});
