/**
 * One connection to one gate, from the first attempt to its close.
 *
 *   connecting ─ opened ─► greeting ─ a welcome for each passbook ─► ready ─► closed
 *        └──────────────────── any error or silence ────────────────────────►
 *
 * Promise: passbooks are presented one after the other, each when the one before is welcomed, so
 * that a refused one is known by name; frames are decoded once, here, into the protocol's types;
 * a connection on which nothing is heard is cut. It decides nothing about applications and does
 * not connect again: that is the sender's.
 */
import type { ClientFrame, GateFrame, Welcome } from '#protocol/frames.ts';
import type { OpenedPassbook } from './passbook-lines.ts';
import type { ClientClock, ClientSocket, OpenSocket } from './ports.ts';
import { decodeGateFrame } from './wire-check.ts';

/** A connection that answers nothing for so long, although asked, is dead. */
const SILENCE_US_MAX = 20_000_000;
/** Tended so long ago: this computer slept, and what has arrived meanwhile is not read yet. */
const ASLEEP_US_MIN = 5_000_000;
/** A gate closes idle connections: say something at least so often. */
const KEEP_ALIVE_US = 20_000_000;
/** Connecting and being welcomed may take so long. */
const GREETING_US_MAX = 30_000_000;

/** The passbook last presented was refused. `isCut`: the gate closed the connection over it. */
export interface PassbookRefusal {
  readonly passbook: OpenedPassbook;
  readonly code: string;
  readonly message: string;
  readonly isCut: boolean;
}

export interface ConnectionHandlers {
  welcomed(welcome: Welcome): void;
  frame(frame: Exclude<GateFrame, Welcome>): void;
  passbookRefused(refusal: PassbookRefusal): void;
  /** `isSilent`: cut from here, since nothing was heard any more. */
  closed(code: number, reason: string, isSilent: boolean): void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly passbooks: readonly OpenedPassbook[];
  readonly client: string;
  readonly openSocket: OpenSocket;
  readonly clock: ClientClock;
  readonly handlers: ConnectionHandlers;
}

export interface Connection {
  readonly url: string;
  /** Whether every passbook is presented and the connection is open. */
  isReady(): boolean;
  submit(application: string): void;
  askTime(): void;
  /** Cuts the connection when it is dead; says something when it might be taken for idle. */
  tend(): void;
  /** Drops the line without a goodbye. */
  cut(): void;
  close(): void;
}

const REFUSED = 4403;
const NORMAL = 1000;

/** Starts connecting. */
export function connect(options: ConnectionOptions): Connection {
  const { clock, handlers } = options;
  const toPresent = [...options.passbooks];
  const startedAtUs = clock.nowUs();
  let presented: OpenedPassbook | undefined;
  let state: 'connecting' | 'greeting' | 'ready' | 'closed' = 'connecting';
  let isWelcomed = false;
  let saidAtUs = startedAtUs;
  // Instant of the first frame said since the gate was last heard.
  let unansweredAtUs: number | undefined;
  let isGivenUp = false;
  let tendedAtUs = startedAtUs;

  const socket: ClientSocket = options.openSocket(options.url, {
    opened() {
      state = 'greeting';
      heard();
      // With nothing to present a gate is greeted all the same.
      if (toPresent.length === 0) say({ type: 'hello', passbooks: [], client: options.client });
      else presentNext();
    },
    received(text) {
      heard();
      const frame = decodeGateFrame(text);
      if (frame !== undefined && state !== 'closed') receive(frame);
    },
    closed(code, reason) {
      if (state === 'closed') return;
      state = 'closed';
      if (code === REFUSED) refuse({ code: refusalCode(reason), message: reason, isCut: true });
      handlers.closed(code, reason, isGivenUp);
    },
  });

  const heard = () => {
    unansweredAtUs = undefined;
  };

  function say(frame: ClientFrame): void {
    if (state === 'closed') return;
    saidAtUs = clock.nowUs();
    unansweredAtUs ??= saidAtUs;
    socket.send(JSON.stringify(frame));
  }

  function presentNext(): void {
    presented = toPresent.shift();
    if (presented === undefined) state = 'ready';
    else say({ type: 'hello', passbooks: [presented.text], client: options.client });
  }

  function refuse(refusal: Omit<PassbookRefusal, 'passbook'>): void {
    if (presented === undefined) return;
    const passbook = presented;
    presented = undefined;
    handlers.passbookRefused({ passbook, ...refusal });
  }

  function receive(frame: GateFrame): void {
    if (frame.type === 'welcome') {
      isWelcomed = true;
      if (state === 'greeting') presentNext();
      handlers.welcomed(frame);
    } else if (frame.type === 'rejected' && frame.application === undefined && presented) {
      refuse({ code: frame.code, message: frame.message, isCut: false });
      presentNext();
    } else {
      handlers.frame(frame);
    }
  }

  function giveUp(): void {
    isGivenUp = true;
    socket.terminate();
  }

  const askTime = () => say({ type: 'time', t0: clock.nowUs() / 1000 });

  return {
    url: options.url,
    isReady: () => state === 'ready',
    submit: (application) => say({ type: 'submit', application }),
    askTime,
    tend() {
      if (state === 'closed') return;
      const nowUs = clock.nowUs();
      if (nowUs - tendedAtUs > ASLEEP_US_MIN && unansweredAtUs !== undefined)
        unansweredAtUs = nowUs;
      tendedAtUs = nowUs;
      const isSilent = nowUs - (unansweredAtUs ?? nowUs) > SILENCE_US_MAX;
      const isLate = state !== 'ready' && nowUs - startedAtUs > GREETING_US_MAX;
      if (isSilent || isLate) giveUp();
      else if (isWelcomed && nowUs - saidAtUs > KEEP_ALIVE_US) askTime();
    },
    cut: giveUp,
    close: () => socket.close(NORMAL, 'done'),
  };
}

/** A gate may name the code as the reason of its close. */
function refusalCode(reason: string): string {
  return reason.includes('PASSBOOK_EXPIRED') ? 'PASSBOOK_EXPIRED' : 'PASSBOOK_INVALID';
}
