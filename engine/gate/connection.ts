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
import { isRehearsalDay } from '#protocol/rehearsal.ts';
import { limits } from '../limits.ts';
import { type Language, writeOutcome } from './acknowledgement.ts';
import type { Connections } from './connections.ts';
import { decodeFrame, type FrameError } from './frame.ts';
import { Lane } from './lane.ts';
import type { Sender, SubmissionOutcome, SubmissionRequest } from './outcome.ts';
import { type Passbook, readPassbook } from './passbook.ts';
import type { Path } from './path.ts';
import { Practice } from './practice.ts';
import { Prepared } from './prepared.ts';
import type { Presence } from './presence.ts';
import type { Rehearsal } from './rehearsal.ts';
import { Submission } from './submission.ts';

/** What a connection needs of the wire. After `close` nothing is called any more. */
export interface Wire {
  /** Text, or a frame's UTF-8 bytes, which are only lent. */
  send(frame: string | Uint8Array): void;
  close(code: number, reason: string): void;
  /** Lets everything sent inside leave in one write. */
  cork(work: () => void): void;
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
  /** Practice; none: this gate has no rehearsal windows. */
  readonly rehearsal?: Rehearsal | undefined;
  /** Where frames are written before they are sent. */
  readonly scratch: JsonBytes;
  notice(): Notice;
}

/** A connection's way from its first frame to its last; a class, since there are many of them. */
export class Connection implements Sender {
  /** The accounts whose passbooks it has presented. */
  readonly accounts = new Set<string>();
  isGreeted = false;
  lastFrameAtUs: number;
  readonly #context: GateContext;
  readonly #wire: Wire;
  readonly #language: Language;
  readonly #lane = new Lane();
  readonly #prepared: Prepared;
  readonly #answers: Answer[] = [];
  /** What it may practise; made with the first line for a rehearsal. */
  #practice: Practice | undefined;
  #isClosed = false;

  constructor(context: GateContext, wire: Wire, language: Language) {
    this.#context = context;
    this.#wire = wire;
    this.#language = language;
    this.#prepared = new Prepared(context.presence);
    this.lastFrameAtUs = context.clock.nowUs();
  }

  /** A text frame as it came; its bytes are only lent. */
  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.lastFrameAtUs = this.#context.clock.nowUs();
    const candidate = this.#prepared.expected(bytes);
    if (candidate === undefined) this.#receiveText(textOf(bytes), bytes.length);
    else this.#context.path.accept(new Submission(this.#lane, candidate, this, undefined));
  }

  #receiveText(text: string, bytes: number): void {
    const frame = decodeFrame(text, bytes);
    if (frame === 'FRAME_MALFORMED' || frame === 'FRAME_TOO_LARGE') this.end(frame);
    else if (!this.isGreeted && !isHello(frame)) this.end('HELLO_REQUIRED');
    else if (typeof frame === 'string') this.#sendError(frame);
    else if (frame.type === 'submit') this.#submit(frame);
    else if (frame.type === 'time') this.#time(frame);
    else this.#hello(frame);
  }

  /** A ping: somebody is there, though there is nothing to say yet. */
  stir(): void {
    this.lastFrameAtUs = this.#context.clock.nowUs();
  }

  /** Ends it for the stated reason. */
  end(code: OutcomeCode): void {
    if (this.#isClosed) return;
    this.gone();
    this.#wire.close((outcomes[code] as Outcome).close ?? 1000, code);
  }

  /** The calendar changed. */
  announce(clickDays: readonly ClickDay[]): void {
    if (this.isGreeted) this.#send({ type: 'calendar', clickDays: [...clickDays] });
  }

  /** The wire is gone. */
  gone(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#context.path.drop(this.#lane);
    this.#prepared.leave();
    this.#practice?.leave();
  }

  answer(request: SubmissionRequest, outcome: SubmissionOutcome): void {
    this.#answers.push({ request, outcome });
  }

  flush(): void {
    const answers = this.#answers;
    // A client that does not read may be cut off by any of these.
    const tellAll = () => {
      for (const answer of answers) this.#tell(answer);
    };
    // One frame is one write by itself; corking it would cost a call into the library and back. A
    // wire that is closed must not be touched.
    if (answers.length > 1 && !this.#isClosed) this.#wire.cork(tellAll);
    else tellAll();
    answers.length = 0;
  }

  #tell({ request, outcome }: Answer): void {
    if (this.#isClosed) return;
    const { scratch } = this.#context;
    writeOutcome(scratch.reset(), request, outcome, this.#language);
    this.#wire.send(scratch.all());
  }

  #send(frame: GateFrame): void {
    if (!this.#isClosed) this.#wire.send(JSON.stringify(frame));
  }

  #sendError(code: OutcomeCode): void {
    this.#send({ type: 'error', code, message: outcomes[code][this.#language] });
  }

  #submit({ application, ref }: Submit): void {
    const { path } = this.#context;
    const candidate = this.#prepared.find(application);
    if (candidate !== undefined) path.accept(new Submission(this.#lane, candidate, this, ref));
    else if (this.#practice?.submit({ application, ref, sender: this }) !== true) {
      path.refuseUnknown({ application, ref, sender: this });
    }
  }

  #time(frame: TimeRequest): void {
    const { clock } = this.#context;
    const received = clock.read();
    this.#send({
      type: 'time',
      t0: frame.t0,
      t1Us: received.nowUs,
      t2Us: clock.nowUs(),
      uncertaintyUs: received.uncertaintyUs,
      sync: received.sync,
    });
  }

  #hello(frame: Hello): void {
    const { gate, clock, rehearsal } = this.#context;
    const { keys, clickDays } = this.#context.notice();
    for (const token of frame.passbooks) {
      const passbook = readPassbook(token, keys, clock.nowUs());
      const refusal = typeof passbook === 'string' ? passbook : this.#take(passbook);
      if (refusal === undefined) continue;
      if (refusal === 'APPLICATIONS_TOO_MANY') this.#sendError(refusal);
      else this.end(refusal);
      return;
    }
    this.isGreeted = true;
    const { sync, uncertaintyUs } = clock.read();
    this.#send({
      type: 'welcome',
      gate,
      applications: this.#prepared.size + (this.#practice?.size ?? 0),
      clickDays: [...clickDays, ...(rehearsal?.days() ?? [])],
      inFlightLimit: limits.inFlightPerConnection,
      sync,
      uncertaintyUs,
    });
  }

  /** Adds what a passbook names, or says why not. */
  #take({
    account,
    lines,
  }: Passbook): 'CONNECTIONS_TOO_MANY' | 'APPLICATIONS_TOO_MANY' | undefined {
    if (!this.accounts.has(account)) {
      if (!this.#context.connections.bind(account)) return 'CONNECTIONS_TOO_MANY';
      this.accounts.add(account);
    }
    const real = lines.filter(({ clickDay }) => !isRehearsalDay(clickDay));
    const isTaken = this.#prepared.add(real) && this.#practise(lines, real.length);
    return isTaken ? undefined : 'APPLICATIONS_TOO_MANY';
  }

  /** Takes the lines that are for rehearsals: all but so many. */
  #practise(lines: Passbook['lines'], realLines: number): boolean {
    const { rehearsal } = this.#context;
    if (lines.length === realLines || rehearsal === undefined) return true;
    this.#practice ??= new Practice(rehearsal);
    return this.#practice.add(lines.filter(({ clickDay }) => isRehearsalDay(clickDay)));
  }
}

function isHello(frame: ClientFrame | FrameError): boolean {
  return typeof frame === 'object' && frame.type === 'hello';
}

function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('utf8');
}
