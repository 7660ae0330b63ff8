/**
 * A gate in a few lines that speaks protocol §3 over whatever carries its texts: fake sockets on
 * manual time, or a real `ws` server for the command line.
 *
 * It keeps what a test wants to know: every submission with the instant it arrived, the entries,
 * the most that were in flight. It checks no signatures: a passbook is refused when the test says.
 * It is stricter than a gate in one thing: frames beyond the in-flight limit are an error.
 */
import { WebSocketServer } from 'ws';
import type { ClickDay } from '#protocol/calendar.ts';
import type { Accepted, ClientFrame, GateFrame, Rejected } from '#protocol/frames.ts';
import { isoFromUs, usFromIso } from '#protocol/time.ts';

export interface FakeGateOptions {
  readonly name?: string;
  readonly nowUs: () => number;
  readonly after: (us: number, fn: () => void) => unknown;
  readonly clickDays: readonly ClickDay[];
  readonly uncertaintyUs?: number;
  readonly inFlightLimit?: number;
  /** Time from a submission to its answer. */
  readonly answerUs?: number;
  /** Entries accepted before, by another life or another gate. */
  readonly entries?: Map<string, Accepted>;
  /** A refusal instead of acceptance; or 'cut' the line, or 'lose' the answer with the line. */
  readonly onSubmit?: (application: string, attempt: number) => Trouble | undefined;
  /** Refuses a passbook: closes with 4403. */
  readonly refuses?: (passbook: string) => boolean;
}

export type Trouble = Omit<Rejected, 'type' | 'application' | 'message'> | 'cut' | 'lose';

export interface FakeGate {
  readonly entries: Map<string, Accepted>;
  readonly arrivals: { application: string; atUs: number }[];
  readonly hellos: string[][];
  inFlightMax: number;
  connect(port: GatePort): GateSession;
  setCalendar(clickDays: readonly ClickDay[]): void;
  /** Closes every connection, as a restart does. */
  restart(): void;
}

export interface GatePort {
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface GateSession {
  receive(text: string): void;
  gone(): void;
}

/** A click day on the wire. */
export function clickDay(id: string, opensAtUs: number, closesAtUs: number): ClickDay {
  return { id, opensAt: isoFromUs(opensAtUs), closesAt: isoFromUs(closesAtUs) };
}

/** An unsigned passbook with everything in it that a client reads. */
export function fakePassbook(applications: readonly string[], day: string, sub = 'acc'): string {
  const digest = 'A'.repeat(43);
  const lines = applications.map((id) => ({ id, clickDay: day, model: 'B', office: 'RM', digest }));
  const claims = { sub, iat: 1, exp: 4_000_000_000, jti: 'j', applications: lines };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'EdDSA' })}.${part(claims)}.c2ln`;
}

export function createFakeGate(options: FakeGateOptions): FakeGate {
  const { nowUs, after, name = 'g1', inFlightLimit = 8, uncertaintyUs = 0 } = options;
  const entries = options.entries ?? new Map<string, Accepted>();
  const attempts = new Map<string, number>();
  const ports = new Set<GatePort>();
  let clickDays = options.clickDays;

  const gate: FakeGate = {
    entries,
    arrivals: [],
    hellos: [],
    inFlightMax: 0,
    connect,
    setCalendar(changed) {
      clickDays = changed;
      for (const port of ports) tell(port, { type: 'calendar', clickDays: [...clickDays] });
    },
    restart() {
      for (const port of [...ports]) port.close(1012, 'restarting');
    },
  };

  function connect(port: GatePort): GateSession {
    const known = new Map<string, string>();
    let inFlight = 0;
    ports.add(port);
    const session = {
      receive(text: string) {
        const frame = JSON.parse(text) as ClientFrame;
        if (frame.type === 'hello') hello(port, known, frame.passbooks);
        else if (frame.type === 'time') time(port, frame.t0);
        else {
          inFlight += 1;
          gate.inFlightMax = Math.max(gate.inFlightMax, inFlight);
          submit(port, known, frame.application, () => {
            inFlight -= 1;
          });
        }
      },
      gone: () => ports.delete(port),
    };
    return session;
  }

  function hello(port: GatePort, known: Map<string, string>, passbooks: string[]): void {
    gate.hellos.push(passbooks);
    for (const passbook of passbooks) {
      if (options.refuses?.(passbook) === true) {
        port.close(4403, 'passbook refused');
        return;
      }
      const payload = Buffer.from(passbook.split('.')[1]!, 'base64url').toString();
      const claims = JSON.parse(payload) as { applications: { id: string; clickDay: string }[] };
      for (const line of claims.applications) known.set(line.id, line.clickDay);
    }
    const days = [...clickDays];
    const applications = known.size;
    tell(port, { type: 'welcome', gate: name, applications, clickDays: days, inFlightLimit });
  }

  function time(port: GatePort, t0: number): void {
    const t1Us = nowUs();
    const sync = 'synchronised' as const;
    tell(port, { type: 'time', t0, t1Us, t2Us: t1Us, uncertaintyUs, sync });
  }

  function submit(
    port: GatePort,
    known: Map<string, string>,
    application: string,
    answered: () => void,
  ): void {
    gate.arrivals.push({ application, atUs: nowUs() });
    const attempt = (attempts.get(application) ?? 0) + 1;
    attempts.set(application, attempt);
    const trouble = options.onSubmit?.(application, attempt);
    if (trouble === 'cut') {
      port.close(1006, '');
      return;
    }
    const answer = judge(known.get(application), application, trouble);
    if (trouble === 'lose') {
      port.close(1006, '');
      return;
    }
    after(options.answerUs ?? 0, () => {
      answered();
      tell(port, answer);
    });
  }

  function judge(
    dayId: string | undefined,
    application: string,
    trouble: Trouble | undefined,
  ): Accepted | Rejected {
    const refuse = (refusal: Omit<Rejected, 'type' | 'application' | 'message'>): Rejected => {
      return { type: 'rejected', application, message: refusal.code, ...refusal };
    };
    if (dayId === undefined) return refuse({ code: 'UNKNOWN_APPLICATION' });
    const before = entries.get(application);
    if (before !== undefined) return { ...before, duplicate: true };
    if (typeof trouble === 'object') return refuse(trouble);
    const day = clickDays.find(({ id }) => id === dayId);
    if (day === undefined) return refuse({ code: 'WRONG_CLICK_DAY' });
    const opensAtUs = usFromIso(day.opensAt);
    const leftUs = opensAtUs - (nowUs() - uncertaintyUs);
    if (leftUs > 0) {
      const retryAfterMs = Math.floor(leftUs / 1000);
      return refuse({ code: 'TOO_EARLY', retryAfterMs, opensAt: day.opensAt });
    }
    return accept(dayId, application);
  }

  function accept(dayId: string, application: string): Accepted {
    const seq = entries.size + 1;
    const protocol = `${dayId}/${name}/${String(seq).padStart(9, '0')}`;
    const stamp = isoFromUs(nowUs());
    const accepted = {
      type: 'accepted',
      application,
      protocol,
      seq,
      stamp,
      uncertaintyUs,
    } as const;
    entries.set(application, accepted);
    return accepted;
  }

  return gate;
}

function tell(port: GatePort, frame: GateFrame): void {
  port.send(JSON.stringify(frame));
}

/** Serves a fake gate on a free port of this machine; `close` ends it and every connection. */
export async function serveFakeGate(gate: FakeGate): Promise<{ url: string; close(): void }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => {
    const session = gate.connect({
      send: (text) => socket.send(text),
      close: (code, reason) => (code === 1006 ? socket.terminate() : socket.close(code, reason)),
    });
    socket.on('message', (data) => session.receive(String(data)));
    socket.on('close', () => session.gone());
  });
  const address = server.address() as { port: number };
  return {
    url: `ws://127.0.0.1:${address.port}/v1/submissions`,
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
