/** How a connection begins, and what ends it (protocol §3). */
import { FRAME_BYTES_MAX, HELLO_BYTES_MAX } from '#protocol/frames.ts';
import { expectEqual } from '../judge.ts';
import type { Check, Stage } from '../kit.ts';

const HELLO_MS = 10_000;
const GRACE_MS = 5_000;
const FOREIGN = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl';

/** What a first frame is answered with: the code of the close. */
async function closesWith(stage: Stage, frame: object | string, code: number): Promise<void> {
  const session = await stage.open();
  session.send(frame);
  const closing = await session.closed();
  expectEqual('the close code', closing.code, code);
}

export const connectionChecks: readonly Check[] = [
  {
    name: 'silence',
    rule: 'a connection that says no hello is closed with 4401 after 10 s (§3)',
    waits: true,
    run: async (stage) => {
      const session = await stage.open();
      expectEqual('the close code', (await session.closed(HELLO_MS + GRACE_MS)).code, 4401);
    },
  },
  {
    name: 'hello-first',
    rule: 'any other first frame closes with 4401 (§3)',
    run: (stage) => closesWith(stage, { type: 'submit', application: 'x' }, 4401),
  },
  {
    name: 'foreign-passbook',
    rule: 'a passbook that does not verify closes with 4403, the reason is the code (§3)',
    run: async (stage) => {
      const session = await stage.open();
      session.send({ type: 'hello', passbooks: [FOREIGN], client: 'clickday-conformance/1' });
      const closing = await session.closed();
      expectEqual('the close code', closing.code, 4403);
      expectEqual('the reason', closing.reason, 'PASSBOOK_INVALID');
    },
  },
  {
    name: 'altered-passbook',
    rule: 'a passbook changed in one character of its claims does not verify (§2)',
    run: async (stage) => {
      const [head, claims, signature] = stage.account().passbooks[0]!.split('.');
      const at = Math.floor(claims!.length / 2);
      const other = claims![at] === 'A' ? 'B' : 'A';
      const altered = `${claims!.slice(0, at)}${other}${claims!.slice(at + 1)}`;
      const passbooks = [[head, altered, signature].join('.')];
      await closesWith(stage, { type: 'hello', passbooks, client: 'kit/1' }, 4403);
    },
  },
  {
    name: 'large-hello',
    rule: 'a hello above 256 KiB closes with 1009 (§3)',
    run: (stage) => {
      const passbooks = ['x'.repeat(HELLO_BYTES_MAX)];
      return closesWith(stage, { type: 'hello', passbooks }, 1009);
    },
  },
  {
    name: 'fifth-connection',
    rule: 'an account has 4 connections at most; the fifth is closed with 4429 (§3)',
    run: async (stage) => {
      const account = stage.account();
      for (let count = 0; count < 4; count += 1) await stage.greeted(account);
      const fifth = await stage.open();
      fifth.send({ type: 'hello', passbooks: account.passbooks, client: 'kit/1' });
      expectEqual('the close code of the fifth', (await fifth.closed()).code, 4429);
    },
  },
  {
    name: 'not-json',
    rule: 'text that is not JSON closes with 1007 (§3)',
    run: (stage) => afterHello(stage, '{"type":', 1007),
  },
  {
    name: 'binary',
    rule: 'a binary frame closes with 1003 (§3)',
    run: (stage) => afterHello(stage, new Uint8Array([1, 2, 3]), 1003),
  },
  {
    name: 'large-frame',
    rule: 'any other frame above 4 KiB closes with 1009 (§3)',
    run: (stage) => {
      const ref = 'r'.repeat(FRAME_BYTES_MAX);
      return afterHello(stage, JSON.stringify({ type: 'submit', application: 'x', ref }), 1009);
    },
  },
];

async function afterHello(
  stage: Stage,
  frame: string | Uint8Array<ArrayBuffer>,
  code: number,
): Promise<void> {
  const session = await stage.greeted(stage.account());
  session.send(frame);
  expectEqual('the close code', (await session.closed()).code, code);
}
