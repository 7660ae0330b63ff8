/** Submissions that are refused: nothing is written, the connection lives (protocol §3, §4). */
import { Rejected } from '#protocol/frames.ts';
import { usFromIso } from '#protocol/time.ts';
import { expect, expectEqual, expectShape, isOutcomeOf } from '../judge.ts';
import type { Check, DayState, Stage } from '../kit.ts';
import type { Frame } from '../session.ts';
import { expectProblem } from './http.ts';

const FOREIGN_APPLICATION = '00000000000000000000000000';

/** Submits an application of an account in that state, by both doors. */
async function refused(stage: Stage, state: DayState) {
  const account = stage.account(state);
  const application = account.lines[0]!.id;
  const session = await stage.greeted(account);
  session.send({ type: 'submit', application, ref: 'kit-1' });
  const frame = await session.next('an outcome', isOutcomeOf(application));
  const authorization = `Bearer ${passbookWith(account.passbooks, application)}`;
  const body = JSON.stringify({ application });
  const headers = { authorization };
  const reply = await stage.http('/v1/submissions', { method: 'POST', body, headers });
  return { frame, reply };
}

/** The passbook of several that names the application. */
export function passbookWith(passbooks: readonly string[], application: string): string {
  const names = (passbook: string) =>
    Buffer.from(passbook.split('.')[1]!, 'base64url').includes(application);
  return passbooks.find(names) ?? passbooks[0]!;
}

function expectRejected(frame: Frame, code: string): void {
  expectShape('rejected', Rejected, frame);
  expectEqual('the code', frame.code, code);
  expect(String(frame.message) !== '', 'there is no message');
}

export const refusalChecks: readonly Check[] = [
  {
    name: 'unknown-application',
    rule: 'what no presented passbook names is UNKNOWN_APPLICATION, with its ref (§3)',
    run: async (stage) => {
      const session = await stage.greeted(stage.account());
      session.send({ type: 'submit', application: FOREIGN_APPLICATION, ref: 'kit-0' });
      const frame = await session.next('an outcome', isOutcomeOf(FOREIGN_APPLICATION));
      expectRejected(frame, 'UNKNOWN_APPLICATION');
      expectEqual('ref', frame.ref, 'kit-0');
    },
  },
  {
    name: 'too-early',
    rule: 'before the opening: TOO_EARLY with opensAt and retryAfterMs; 425 with Retry-After (§3, §4)',
    run: async (stage) => {
      const { frame, reply } = await refused(stage, 'before');
      expectRejected(frame, 'TOO_EARLY');
      expectEqual('ref', frame.ref, 'kit-1');
      expect(typeof frame.retryAfterMs === 'number', 'there is no retryAfterMs');
      expect(usFromIso(String(frame.opensAt)) > 0, `opensAt is ${String(frame.opensAt)}`);
      expectProblem(reply, 425, 'TOO_EARLY');
      expect(reply.headers.get('retry-after') !== null, 'there is no Retry-After');
    },
  },
  {
    name: 'closed',
    rule: 'after the close: CLOSED; 410 (§3, §4)',
    run: async (stage) => {
      const { frame, reply } = await refused(stage, 'over');
      expectRejected(frame, 'CLOSED');
      expectProblem(reply, 410, 'CLOSED');
    },
  },
];
