/**
 * One client's connection: its lane, what it may submit, and what each of its frames leads to.
 *
 *     connected ──hello──► greeted ──any frame──► greeted … closed
 *         └─ nothing within 10 s, or another frame first ──► 4401
 *
 * It knows no socket library: it is given `send`, `close` and `cork`, so that the simulation and
 * the tests drive it without a network.
 */

import type { Notice } from '#engine/calendar/index.ts';
import type { Clock } from '#engine/clock/index.ts';
import type { ClickDay } from '#protocol/calendar.ts';
import type { ClientFrame, GateFrame, Hello, Submit, TimeRequest } from '#protocol/frames.ts';
import type { JsonBytes } from '#protocol/json-bytes.ts';
import { type Outcome, type OutcomeCode, outcomes } from '#protocol/outcomes.ts';
import type { PassbookLine } from '#protocol/passbook.ts';
import { limits } from '../limits.ts';
import { type Language, writeOutcome } from './acknowledgement.ts';
import type { Connections } from './connections.ts';
import { decodeFrame } from './frame.ts';
import {
  createLane,
  type Sender,
  type SubmissionOutcome,
  type SubmissionRequest,
} from './outcome.ts';
import { readPassbook } from './passbook.ts';
import type { Path } from './path.ts';
import type { Candidate, Presence } from './presence.ts';

/** What a connection needs of the wire. After `close` nothing is called any more. */
export interface Wire {
  /** Text, or a frame's UTF-8 bytes, which are only lent. */
  send(frame: string | Uint8Array): void;
  close(code: number, reason: string): void;
  /** Lets everything sent inside leave in one write. */
  cork(work: () => void): void;
}

export interface Connection {
  /** A text frame; `bytes` is its length on the wire. */
  receive(text: string, bytes: number): void;
  /** A ping: somebody is there, though there is nothing to say yet. */
  stir(): void;
  /** Ends it for the stated reason. */
  end(code: OutcomeCode): void;
  /** The calendar changed. */
  announce(clickDays: readonly ClickDay[]): void;
  /** The wire is gone. */
  gone(): void;
  readonly isGreeted: boolean;
  readonly lastFrameAtUs: number;
  readonly accounts: ReadonlySet<string>;
}

interface Answer {
  readonly request: SubmissionRequest;
  readonly outcome: SubmissionOutcome;
}

export interface GateContext {
  readonly gate: string;
  readonly clock: Clock;
  readonly path: Path;
  readonly connections: Connections;
  readonly presence: Presence;
  /** Where frames are written before they are sent. */
  readonly scratch: JsonBytes;
  notice(): Notice;
}

export function createConnection(context: GateContext, wire: Wire, language: Language): Connection {
  const { clock, path, connections, presence } = context;
  const candidates = new Map<string, Candidate>();
  const accounts = new Set<string>();
  let answers: Answer[] = [];
  let isGreeted = false;
  let isClosed = false;
  let lastFrameAtUs = clock.nowUs();

  const send = (frame: GateFrame) => {
    if (!isClosed) wire.send(JSON.stringify(frame));
  };
  const leave = () => {
    isClosed = true;
    path.drop(lane);
    for (const candidate of candidates.values()) presence.leave(candidate);
    candidates.clear();
  };
  const end = (code: OutcomeCode) => {
    if (isClosed) return;
    leave();
    wire.close((outcomes[code] as Outcome).close ?? 1000, code);
  };
  const sendError = (code: OutcomeCode) => {
    send({ type: 'error', code, message: outcomes[code][language] });
  };

  const lane = createLane();
  const tell = ({ request, outcome }: Answer) => {
    if (isClosed) return;
    writeOutcome(context.scratch.reset(), request, outcome, language);
    wire.send(context.scratch.all());
  };
  const sender: Sender = {
    answer: (request, outcome) => {
      answers.push({ request, outcome });
    },
    flush: () => {
      if (answers.length === 0) return;
      const told = answers;
      answers = [];
      if (isClosed) return;
      // One frame is one write by itself; corking it would cost a call into the library and back.
      if (told.length === 1) return tell(told[0] as Answer);
      // A client that does not read may be cut off by any of these.
      wire.cork(() => told.forEach(tell));
    },
  };

  /** A newer passbook's line takes the place of an older one's. */
  const present = (line: PassbookLine) => {
    const before = candidates.get(line.id);
    candidates.set(line.id, presence.present(line));
    if (before !== undefined) presence.leave(before);
  };

  const hello = (frame: Hello) => {
    const { keys, clickDays } = context.notice();
    for (const token of frame.passbooks) {
      const passbook = readPassbook(token, keys, clock.nowUs());
      if (typeof passbook === 'string') return end(passbook);
      if (!accounts.has(passbook.account)) {
        if (!connections.bind(passbook.account)) return end('CONNECTIONS_TOO_MANY');
        accounts.add(passbook.account);
      }
      const { lines } = passbook;
      const added = lines.filter(({ id }) => !candidates.has(id)).length;
      if (candidates.size + added > limits.applicationsPerConnectionMax) {
        return sendError('APPLICATIONS_TOO_MANY');
      }
      for (const line of lines) present(line);
    }
    isGreeted = true;
    const { sync, uncertaintyUs } = clock.read();
    send({
      type: 'welcome',
      gate: context.gate,
      applications: candidates.size,
      clickDays: [...clickDays],
      inFlightLimit: limits.inFlightPerConnection,
      sync,
      uncertaintyUs,
    });
  };

  const time = (frame: TimeRequest) => {
    const received = clock.read();
    send({
      type: 'time',
      t0: frame.t0,
      t1Us: received.nowUs,
      t2Us: clock.nowUs(),
      uncertaintyUs: received.uncertaintyUs,
      sync: received.sync,
    });
  };

  const submit = (frame: Submit) => {
    path.accept(lane, candidates, { application: frame.application, ref: frame.ref, sender });
  };

  const dispatch = (frame: ClientFrame) => {
    if (frame.type === 'submit') submit(frame);
    else if (frame.type === 'time') time(frame);
    else hello(frame);
  };

  return {
    receive: (text, bytes) => {
      if (isClosed) return;
      lastFrameAtUs = clock.nowUs();
      const frame = decodeFrame(text, bytes);
      if (frame === 'FRAME_MALFORMED' || frame === 'FRAME_TOO_LARGE') return end(frame);
      const isHello = typeof frame === 'object' && frame.type === 'hello';
      if (!isGreeted && !isHello) return end('HELLO_REQUIRED');
      if (typeof frame === 'string') return sendError(frame);
      dispatch(frame);
    },
    stir: () => {
      lastFrameAtUs = clock.nowUs();
    },
    end,
    announce: (clickDays) => {
      if (isGreeted) send({ type: 'calendar', clickDays: [...clickDays] });
    },
    gone: () => {
      if (!isClosed) leave();
    },
    get isGreeted() {
      return isGreeted;
    },
    get lastFrameAtUs() {
      return lastFrameAtUs;
    },
    accounts,
  };
}
