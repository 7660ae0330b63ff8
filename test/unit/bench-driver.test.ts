/** The load generator's frames against a WebSocket library that is not ours. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { violationsOf } from '#bench/check.ts';
import { Connection } from '#bench/drivers/connection.ts';
import { clientFrame, FrameParser } from '#bench/drivers/frames.ts';
import { latenciesOf, spreadOf } from '#bench/statistics.ts';

let server: WebSocketServer | undefined;
afterEach(() => {
  for (const client of server?.clients ?? []) client.terminate();
  server?.close();
});

/** A gate that answers each submit with what `answer` says; `count` is the number so far. */
async function gate(answer: (application: string, count: number) => object): Promise<number> {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  let count = 0;
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { type: string; application: string };
      if (frame.type === 'hello') return socket.send('{"type":"welcome"}');
      count += 1;
      socket.send(JSON.stringify(answer(frame.application, count)));
    });
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function connectionTo(port: number, applications: string[], inFlight = 2): Connection {
  const target = { host: '127.0.0.1', port, path: '/', localAddress: '127.0.0.1', inFlight };
  return new Connection({ passbooks: ['x'.repeat(70_000)], applications }, target);
}

describe('the swarm', () => {
  it('submits everything once and keeps every answer', async () => {
    const port = await gate((application, seq) => ({ type: 'accepted', application, seq }));
    const connection = connectionTo(port, ['a', 'b', 'c', 'd', 'e']);
    await connection.ready();
    await connection.run();
    connection.close();
    expect(connection.sends.map((sent) => sent.application)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(connection.answers.map((one) => JSON.parse(one.text).seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('sends again what was refused for a while, and not what was refused for good', async () => {
    const port = await gate((application, count) => {
      if (count === 1)
        return { type: 'rejected', application, code: 'OVERLOADED', retryAfterMs: 1 };
      if (application === 'b') return { type: 'rejected', application, code: 'CLOSED' };
      return { type: 'accepted', application, seq: count };
    });
    const connection = connectionTo(port, ['a', 'b'], 1);
    await connection.ready();
    await connection.run();
    connection.close();
    expect(connection.sends.map((sent) => sent.application)).toEqual(['a', 'a', 'b']);
    expect(connection.retries).toBe(1);
  });

  it('says why a connection ended', async () => {
    const port = await gate(() => {
      for (const client of server?.clients ?? []) client.close(4403);
      return { type: 'ignored' };
    });
    const connection = connectionTo(port, ['a']);
    await connection.ready();
    await connection.run();
    expect(connection.failure).toBe('closed with 4403');
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
