/**
 * Who may ask the local page's server: the rules one by one, and the server that keeps them, over
 * real connections of 127.0.0.1.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientDirectory } from '../../mini-client/node/directory.ts';
import { cookieName, KEY_HEADER, Keys } from '../../mini-client/page/guard.ts';
import { type PageServer, servePage } from '../../mini-client/page/http.ts';
import { PageFiles } from '../../mini-client/page/page-files.ts';
import { isOfUser } from '../../mini-client/page/peer.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

let keys: Keys;
let server: PageServer;
let host: string;
let stops: number;
let entered: number;

beforeEach(async () => {
  keys = new Keys();
  [stops, entered] = [0, 0];
  server = await servePage({
    ...{ port: 0, keys },
    assets: new Map([['/', { type: 'text/html', bytes: Buffer.from('the page') }]]),
    calls: {
      'POST /api/stop': () => {
        stops += 1;
        return { status: 200 };
      },
    },
    follow: (response) => void response.writeHead(200).end('events'),
    document: (ticket) => (ticket === 'good' ? Buffer.from('%PDF-') : undefined),
    onEntered: () => {
      entered += 1;
    },
  });
  host = new URL(server.origin).host;
});

afterEach(() => server.close());

/** Asks as any program can: every header is free. */
function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.origin);
    const asked = request({ hostname, port, method, path, headers }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const json = () => ({ origin: server.origin, 'content-type': 'application/json' });

/** What a page that was let in sends with every call. */
async function entry(): Promise<Record<string, string>> {
  const body = JSON.stringify({ token: keys.token });
  const answer = await ask('POST', '/api/enter', json(), body);
  const [cookie = ''] = answer.headers['set-cookie'] ?? [];
  const { key } = JSON.parse(answer.body) as { key: string };
  return { ...json(), cookie: cookie.split(';')[0]!, [KEY_HEADER]: key };
}

describe('the token of the address', () => {
  it('is exchanged once for a cookie no script reads and a key', async () => {
    const { token } = keys;
    const enter = () => ask('POST', '/api/enter', json(), JSON.stringify({ token }));
    const first = await enter();
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(/^clickday-page-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(await enter()).toMatchObject({ status: 401, body: '{"code":"ADDRESS_USED"}' });
    expect([entered, keys.token === token]).toEqual([1, false]);
  });

  it('is kept in files that only their owner can read', () => {
    const path = mkdtempSync(join(tmpdir(), 'mini-client-'));
    const files = new PageFiles(new ClientDirectory(path));
    files.keepAddress(`${server.origin}/#${keys.token}`);
    const modes = ['page.json', 'page.html'].map((name) => statSync(join(path, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
    expect(files.address()).toBe(`${server.origin}/#${keys.token}`);
    files.forgetAddress();
    expect(files.address()).toBeUndefined();
    rmSync(path, { recursive: true });
  });
});

describe('a call', () => {
  it('is done for the page that was let in', async () => {
    expect(await ask('POST', '/api/stop', await entry(), '{}')).toMatchObject({ status: 200 });
    expect(stops).toBe(1);
  });

  it.each<[string, number, Record<string, string | undefined>]>([
    ['without the cookie', 401, { cookie: undefined }],
    ['with the cookie of another program', 401, { cookie: 'clickday-page-1=x' }],
    ['with the cookie alone, as another port of this computer has it', 401, { [KEY_HEADER]: '' }],
    ['under a name that points here', 421, { host: 'rebound.example' }],
    ['under the name localhost', 421, { host: 'localhost' }],
    ['from another site', 403, { origin: 'https://elsewhere.example' }],
    ['from another port', 403, { origin: 'http://127.0.0.1:1' }],
    ['from nowhere', 403, { origin: undefined }],
    ['from a page of a file', 403, { origin: 'null' }],
    ['that the browser calls cross-site', 403, { 'sec-fetch-site': 'cross-site' }],
    ['that the browser calls same-site', 403, { 'sec-fetch-site': 'same-site' }],
    ['in the clothes of a form', 415, { 'content-type': 'text/plain' }],
  ])('is refused %s', async (_what, status, change) => {
    const headers = Object.entries({ ...(await entry()), ...change });
    const sent = headers.filter((one): one is [string, string] => one[1] !== undefined);
    expect((await ask('POST', '/api/stop', Object.fromEntries(sent), '{}')).status).toBe(status);
    expect(stops).toBe(0);
  });

  it.each(['OPTIONS', 'PUT', 'DELETE', 'HEAD'])(
    'by %s is none, and nobody is told of CORS',
    async (method) => {
      const answer = await ask(method, '/api/stop', await entry());
      expect([answer.status, stops]).toEqual([405, 0]);
      expect(Object.keys(answer.headers).filter((name) => /^access-control/.test(name))).toEqual(
        [],
      );
    },
  );

  it('by GET does nothing, and events are for the page alone', async () => {
    const { origin: _, ...headers } = await entry();
    expect([(await ask('GET', '/api/stop', headers)).status, stops]).toEqual([404, 0]);
    expect((await ask('GET', '/api/events', headers)).body).toBe('events');
    expect((await ask('GET', '/api/events')).status).toBe(401);
  });

  it('with a body that is no JSON, or too long, is refused', async () => {
    const headers = await entry();
    expect((await ask('POST', '/api/stop', headers, 'no')).status).toBe(400);
    expect((await ask('POST', '/api/stop', headers, `"${'x'.repeat(1_100_000)}"`)).status).toBe(
      400,
    );
    expect(stops).toBe(0);
  });
});

describe('a file', () => {
  it('comes with a policy that lets nothing else in and nobody frame it', async () => {
    const { status, headers, body } = await ask('GET', '/');
    expect([status, body]).toEqual([200, 'the page']);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none';.*frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
  });

  it.each(['/../package.json', '/%2e%2e/session.json', '/session.json'])(
    'that is not of the page does not exist: %s',
    async (path) => expect((await ask('GET', path)).status).toBe(404),
  );

  it('of the day, receipt or summary, needs the cookie as well as its ticket', async () => {
    const { cookie = '' } = await entry();
    expect((await ask('GET', '/file/good/A.pdf')).status).toBe(401);
    expect((await ask('GET', '/file/bad/A.pdf', { cookie })).status).toBe(404);
    expect((await ask('GET', '/file/good/A.pdf', { cookie })).body).toBe('%PDF-');
    const sheet = await ask('GET', '/file/good/day.csv', { cookie });
    expect(sheet.headers['content-type']).toBe('text/csv; charset=utf-8');
  });
});

describe('a connection', () => {
  it('that asks to be a WebSocket is closed', async () => {
    const socket = connect(Number(host.split(':')[1]), '127.0.0.1');
    const words = [
      'GET /api/events HTTP/1.1',
      `host: ${host}`,
      'connection: upgrade',
      'upgrade: websocket',
    ];
    socket.end(`${words.join('\r\n')}\r\n\r\n`);
    const said: Buffer[] = [];
    for await (const piece of socket) said.push(piece as Buffer);
    expect(Buffer.concat(said).toString()).toBe('');
  });

  const row = (uid: number, state = '01') =>
    `  1: 0100007F:D431 0100007F:1F90 ${state} 00000000:00000000 00:00000000 00000000  ${uid}  0 1 1`;
  const ends = { theirPort: 0xd431, ourPort: 0x1f90 };

  it.each([
    ['of the same user', row(1000), true],
    ['of another user', row(1001), false],
    [
      'that its owner has closed already, so that the kernel has forgotten whose it was',
      row(1000, '04'),
      false,
    ],
    ['that is not in the table', '', false],
  ])('%s', (_what, table, isOwn) => expect(isOfUser(table, ends, 1000)).toBe(isOwn));

  it('has a cookie of its own for each port', () => {
    expect(cookieName('127.0.0.1:81')).not.toBe(cookieName('127.0.0.1:82'));
  });
});
