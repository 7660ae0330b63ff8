/** Submissions that are accepted: on disk, numbered, stamped, once (protocol §3 to §5). */
import { protocolNumber } from '#protocol/entry.ts';
import { Accepted, type Accepted as AcceptedFrame, type Welcome } from '#protocol/frames.ts';
import type { PassbookLine } from '#protocol/passbook.ts';
import { usFromIso } from '#protocol/time.ts';
import { expect, expectEqual, expectShape, isOf, isOutcomeOf, withoutType } from '../judge.ts';
import type { Check, Stage } from '../kit.ts';
import type { Presented } from '../papers.ts';
import type { Session } from '../session.ts';
import { passbookWith } from './refusals.ts';

const MANY = 20;

/** Submits by a frame; the frame that accepts. Throws `Deviation` when it is none. */
export async function submit(session: Session, application: string): Promise<AcceptedFrame> {
  const from = session.frames.length;
  session.send({ type: 'submit', application, ref: 'kit' });
  const frame = await session.next('an outcome', isOutcomeOf(application), from);
  expectEqual('the outcome', frame.type, 'accepted');
  expectShape('accepted', Accepted, frame);
  return frame as unknown as AcceptedFrame;
}

/** The first acceptance of a line: lines that an earlier run has submitted are passed over. */
async function submitFirst(stage: Stage, account: Presented, session: Session) {
  for (;;) {
    const line = stage.fresh(account);
    const accepted = await submit(session, line.id);
    if (accepted.duplicate === undefined) return { line, accepted };
  }
}

function post(stage: Stage, account: Presented, application: string) {
  const authorization = `Bearer ${passbookWith(account.passbooks, application)}`;
  const body = JSON.stringify({ application });
  const headers = { authorization, 'content-type': 'application/json' };
  return stage.http('/v1/submissions', { method: 'POST', body, headers });
}

function expectPlace(session: Session, line: PassbookLine, accepted: AcceptedFrame): void {
  const welcome = session.frames.find(isOf('welcome')) as unknown as Welcome;
  const { gate, clickDays } = welcome;
  const named = protocolNumber({ clickDay: line.clickDay, gate, seq: accepted.seq });
  expectEqual('protocol', accepted.protocol, named);
  const day = clickDays.find(({ id }) => id === line.clickDay);
  expect(day !== undefined, `the click day ${line.clickDay} is not in welcome`);
  const isWithin = accepted.stamp >= day.opensAt && accepted.stamp < day.closesAt;
  expect(isWithin, `stamp ${accepted.stamp} outside ${day.opensAt} to ${day.closesAt}`);
}

/** The same outcome: the members that make an entry's place. */
function expectSame(first: AcceptedFrame, again: Readonly<Record<string, unknown>>): void {
  expectEqual('duplicate', again.duplicate, true);
  for (const name of ['protocol', 'seq', 'stamp', 'uncertaintyUs'] as const) {
    expectEqual(name, again[name], first[name]);
  }
}

export const submissionChecks: readonly Check[] = [
  {
    name: 'accepted',
    rule: 'an accepted submission has number, stamp within the window, and its ref (§3, §5)',
    run: async (stage) => {
      const account = stage.account('open');
      const session = await stage.greeted(account);
      const { line, accepted } = await submitFirst(stage, account, session);
      expectEqual('ref', accepted.ref, 'kit');
      expectPlace(session, line, accepted);
    },
  },
  {
    name: 'repeated',
    rule: 'a repetition gets the first outcome with duplicate, on any connection and door (§3, §4)',
    run: async (stage) => {
      const account = stage.account('open');
      const session = await stage.greeted(account);
      const { line, accepted: first } = await submitFirst(stage, account, session);
      const { id } = line;
      expectSame(first, { ...(await submit(session, id)) });
      expectSame(first, { ...(await submit(await stage.greeted(account), id)) });
      const reply = await post(stage, account, id);
      expectEqual('the status', reply.status, 200);
      expectSame(first, reply.json ?? {});
    },
  },
  {
    name: 'http-accepted',
    rule: 'POST /v1/submissions answers 201 with the members of accepted (§4)',
    run: async (stage) => {
      const account = stage.account('open');
      let { id } = stage.fresh(account);
      let { status, json } = await post(stage, account, id);
      while (status === 200 && json?.duplicate === true) {
        id = stage.fresh(account).id;
        ({ status, json } = await post(stage, account, id));
      }
      expectEqual('the status', status, 201);
      expectShape('the answer', withoutType(Accepted), json);
      expectEqual('application', json?.application, id);
    },
  },
  {
    name: 'order',
    rule: `numbers and stamps of ${MANY} at once rise together, each has one answer (§3, §5)`,
    run: async (stage) => {
      const account = stage.account('open');
      const lines = Array.from({ length: MANY }, () => stage.fresh(account));
      const session = await stage.greeted(account);
      for (const { id } of lines) session.send({ type: 'submit', application: id });
      const outcomes = await session.all('as many outcomes', isOf('accepted'), MANY);
      const all = outcomes as unknown as AcceptedFrame[];
      const answered = new Set(all.map(({ application }) => application));
      expectEqual('the number of applications answered', answered.size, MANY);
      const sorted = all.toSorted((one, other) => one.seq - other.seq);
      for (const [at, { seq, stamp }] of sorted.entries()) {
        const before = sorted[at - 1];
        if (before === undefined) continue;
        expect(seq > before.seq, `two entries have the number ${seq}`);
        const isLater = usFromIso(stamp) > usFromIso(before.stamp);
        expect(isLater, `number ${seq} has stamp ${stamp}, ${before.seq} has ${before.stamp}`);
      }
    },
  },
  {
    name: 'no-blocking',
    rule: 'an item that is refused delays and spoils no other of its sender',
    run: async (stage) => {
      const account = stage.account('open');
      const { id } = stage.fresh(account);
      const session = await stage.greeted(account);
      session.send({ type: 'submit', application: 'nobody-knows-this' });
      await submit(session, id);
    },
  },
];
