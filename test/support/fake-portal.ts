/** The portal's API as the mini-client sees it, in a few lines, on a free port of this machine. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isoFromUs } from '#protocol/time.ts';

export interface FakePortal {
  readonly url: string;
  readonly requests: string[];
  clickDays: object[];
  gates: string[];
  applications: object[];
  passbooks: string[];
  mustChangePassword: boolean;
  /** So many answers are 503 `BUSY` first. */
  busyCount: number;
  /** The code of the second step; undefined: there is none. */
  code: string | undefined;
  /** How often a receipt is `RECEIPT_PENDING` before it is there. */
  pendingCount: number;
  /** What the person has said of the code of a program without a password. */
  device: 'pending' | 'approved' | 'refused';
  /** Accounts beside `a@example.org`, each with what it sees; the password is the same. */
  readonly others: Map<string, { applications: object[]; passbooks: string[] }>;
  /** Whose code it is that the person types for a program without a password. */
  deviceEmail: string;
  /** Whether the bearer sessions that were given out are still good. */
  isSessionGood: boolean;
  close(): void;
}

export const PASSWORD = 'correct horse';
const FIRST = 'a@example.org';
const ID = '01J0000000000000000000000A';
const TEXTS = { it: 'Prova', en: 'Test' };

/** An application as the API gives it. */
export function application(id: string, clickDay: string | null, status = 'ready'): object {
  const at = '2011-01-20T10:00:00.000000Z';
  return {
    ...{ id, model: 'B', modelVersion: 1, status, title: `Lavoratore ${id.slice(-2)}`, clickDay },
    ...{ office: 'RM', officeCriterion: null, createdAt: at, updatedAt: at, readyAt: at },
    ...{ submission: null, receiptAt: null, pages: [] },
  };
}

/** A click day as the API gives it. */
export function clickDayView(id: string, opensAtUs: number, closesAtUs: number): object {
  const [opensAt, closesAt] = [isoFromUs(opensAtUs), isoFromUs(closesAtUs)];
  return { id, name: TEXTS, opensAt, closesAt, status: 'planned', models: ['B'] };
}

export async function serveFakePortal(): Promise<FakePortal> {
  const pending = new Map<string, number>();
  const server = createServer((request, response) => {
    void answerOf(request).then(([status, body, headers]) => {
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const portal: FakePortal = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ requests: [], clickDays: [], gates: [], applications: [], passbooks: [] },
    ...{ mustChangePassword: false, code: undefined, pendingCount: 0, busyCount: 0 },
    ...{ device: 'pending', isSessionGood: true, others: new Map(), deviceEmail: FIRST },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };

  type Answer = [number, string | Buffer, Record<string, string>];
  const json = (value: unknown, status = 200): Answer => {
    return [status, JSON.stringify(value), { 'content-type': 'application/json' }];
  };
  const problem = (status: number, code: string, headers = {}): Answer => {
    const body = JSON.stringify({ type: 'about:blank', title: code, status, code });
    return [status, body, { 'content-type': 'application/problem+json', ...headers }];
  };

  async function answerOf(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '', portal.url);
    const body = await textOf(request);
    const call = `${request.method} ${pathname}`;
    portal.requests.push(call);
    if (portal.busyCount > 0) {
      portal.busyCount -= 1;
      return problem(503, 'BUSY', { 'retry-after': '0' });
    }
    if (call === 'POST /api/session') return session(JSON.parse(body));
    if (call === 'GET /api/time') {
      const nowUs = Date.now() * 1000;
      const sync = 'synchronised';
      return json({ t0: 0, t1Us: nowUs, t2Us: nowUs, uncertaintyUs: 500, sync });
    }
    if (call === 'POST /api/device-codes') {
      const secrets = { deviceCode: 'd'.repeat(43), userCode: 'BCDF-GHJK' };
      const verificationUri = `${portal.url}/device`;
      return json({ ...secrets, verificationUri, expiresIn: 600, interval: 1 }, 201);
    }
    if (call === 'POST /api/device-codes/session') {
      if (portal.device === 'approved')
        return session({ email: portal.deviceEmail, password: PASSWORD });
      return portal.device === 'refused'
        ? problem(403, 'DEVICE_REFUSED')
        : problem(400, 'DEVICE_PENDING');
    }
    const email = emailOf(request.headers.authorization);
    if (!portal.isSessionGood || email === undefined) return problem(401, 'UNAUTHENTICATED');
    const seen = portal.others.get(email) ?? portal;
    if (call === 'GET /api/session') return json({ account: account(email) });
    if (call === 'DELETE /api/session') return [204, '', {}];
    if (call === 'GET /api/click-days') return json({ clickDays: portal.clickDays });
    if (call === 'GET /api/gates') return json({ gates: portal.gates });
    if (call === 'POST /api/passbooks') return json(seen.passbooks);
    if (call === 'GET /api/applications') {
      return applicationsOf(seen.applications, Number(searchParams.get('cursor')));
    }
    const receipt = /^GET \/api\/applications\/(.+)\/receipt\.pdf$/.exec(call);
    return receipt === null ? problem(404, 'NOT_FOUND') : receiptOf(receipt[1]!);
  }

  /** Whose token it is; undefined: nobody's. */
  function emailOf(authorization: string | undefined): string | undefined {
    const [, email = FIRST] = /^Bearer secret(?: (.+))?$/.exec(authorization ?? 'none') ?? [];
    const isKnown = email === FIRST || portal.others.has(email);
    return authorization?.startsWith('Bearer secret') && isKnown ? email : undefined;
  }

  function account(email: string): object {
    const { mustChangePassword } = portal;
    const names = { givenName: 'Anna', familyName: 'Prova' };
    const who = { id: ID, email, role: 'applicant', language: 'it' };
    return { ...who, ...names, mustChangePassword };
  }

  function session(words: { email?: string; password: string; totp?: string }): Answer {
    const { email = FIRST, password, totp } = words;
    if (password !== PASSWORD) return problem(401, 'CREDENTIALS_WRONG');
    if (portal.code !== undefined && totp === undefined)
      return problem(401, 'SECOND_FACTOR_NEEDED');
    if (totp !== portal.code) return problem(401, 'SECOND_FACTOR_WRONG');
    const expiresAt = '2030-01-01T00:00:00.000000Z';
    const token = email === FIRST ? 'secret' : `secret ${email}`;
    return json({ account: account(email), token, expiresAt });
  }

  /** Two a page, so that cursors are used. */
  function applicationsOf(all: readonly object[], from: number): Answer {
    const page = all.slice(from, from + 2);
    const next = from + 2 < all.length ? String(from + 2) : null;
    return json({ applications: page, next, total: all.length });
  }

  function receiptOf(id: string): Answer {
    const count = pending.get(id) ?? 0;
    pending.set(id, count + 1);
    if (count < portal.pendingCount) return problem(404, 'RECEIPT_PENDING', { 'retry-after': '0' });
    return [200, Buffer.from(`%PDF-1.7 ${id}`), { 'content-type': 'application/pdf' }];
  }

  return portal;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
