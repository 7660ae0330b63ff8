/** What holds for every request: problems with codes, headers, OpenAPI, the page that is served. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '#engine/foundation/log.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { createServer } from '#engine/portal/http/server.ts';
import { addUi } from '#engine/portal/http/ui.ts';
import { portalLimits } from '#engine/portal/index.ts';
import { outcomeOf } from '#protocol/outcomes.ts';
import type { Problem } from '#protocol/portal-api.ts';
import {
  applicant,
  type Caller,
  callerAt,
  openWorld,
  type World,
} from '#test/contract/portal-world.ts';
import { TOOL_ROUTES } from '#test/support/desk-tool-routes.ts';
import { HELPDESK_ROUTES } from '#test/support/helpdesk-routes.ts';

/** Every route of the API. A new one is added here and to the documents. */
const ROUTES = [
  ...TOOL_ROUTES,
  'POST /api/registrations',
  'POST /api/registrations/confirm',
  'POST /api/session',
  'GET /api/session',
  'DELETE /api/session',
  'POST /api/account/password',
  'POST /api/setup',
  'POST /api/password-resets',
  'POST /api/password-resets/confirm',
  'POST /api/account/address',
  'POST /api/account/address/confirm',
  'POST /api/account/address/undo',
  'GET /api/account/sessions',
  'DELETE /api/account/sessions',
  'DELETE /api/account/sessions/{id}',
  'GET /api/account/second-factor',
  'POST /api/account/second-factor',
  'POST /api/account/second-factor/confirm',
  'POST /api/account/second-factor/recovery-codes',
  'POST /api/account/second-factor/off',
  'POST /api/staff/second-factor-resets',
  'GET /api/account/deletion',
  'POST /api/account/deletion',
  'DELETE /api/account/deletion',
  'POST /api/account/deletion/keep',
  'GET /api/time',
  'GET /api/verification-keys',
  'GET /api/click-days',
  'GET /api/gates',
  'GET /api/keys',
  'GET /api/models',
  'GET /api/models/{code}',
  'GET /api/tables/{name}',
  'GET /api/offices',
  'POST /api/applications',
  'GET /api/applications',
  'GET /api/applications/choices',
  'GET /api/applications/export.csv',
  'GET /api/applications/export.xlsx',
  'GET /api/saved-searches',
  'POST /api/saved-searches',
  'DELETE /api/saved-searches/{id}',
  'GET /api/applications/{id}',
  'DELETE /api/applications/{id}',
  'POST /api/applications/{id}/ready',
  'DELETE /api/applications/{id}/ready',
  'GET /api/applications/{id}/pages/{page}',
  'PUT /api/applications/{id}/pages/{page}',
  'GET /api/applications/{id}/receipt.pdf',
  'GET /api/applications/{id}/preview.pdf',
  'GET /api/imports/templates/{code}.{kind}',
  'GET /api/imports',
  'POST /api/imports',
  'GET /api/imports/{id}',
  'DELETE /api/imports/{id}',
  'GET /api/imports/{id}/findings',
  'GET /api/imports/{id}/{content}.{kind}',
  'POST /api/imports/{id}/applications',
  'DELETE /api/imports/{id}/applications',
  'GET /api/openid',
  'POST /api/openid/attempts',
  'POST /api/openid/return',
  'POST /api/openid/accounts',
  'POST /api/openid/leave',
  'GET /api/account/openid',
  'PUT /api/account/openid',
  'DELETE /api/account/openid',
  'POST /api/device-codes',
  'POST /api/device-codes/find',
  'POST /api/device-codes/decision',
  'POST /api/device-codes/session',
  'GET /api/organisation',
  'POST /api/organisation',
  'GET /api/organisation/members',
  'PUT /api/organisation/members/{id}',
  'POST /api/organisation/members/{id}/administration',
  'POST /api/organisation/members/{id}/link',
  'DELETE /api/organisation/members/{id}',
  'DELETE /api/organisation/membership',
  'POST /api/organisation/invitations/{id}',
  'DELETE /api/organisation/invitations/{id}',
  'GET /api/organisation/requests',
  'POST /api/organisation/requests',
  'GET /api/operator/requests',
  'POST /api/operator/requests/{id}/grant',
  'POST /api/operator/requests/{id}/refusal',
  'GET /api/applications/{id}/way',
  'GET /api/applications/{id}/alike',
  'POST /api/applications/{id}/copy',
  'POST /api/applications/{id}/outcome',
  'GET /api/applications/{id}/attachments',
  'POST /api/applications/{id}/attachments',
  'GET /api/applications/{id}/attachments/{attachment}',
  'DELETE /api/applications/{id}/attachments/{attachment}',
  'GET /api/alike-applications',
  'POST /api/passbooks',
  'GET /api/downloads',
  'GET /api/entries',
  'GET /api/events',
  'GET /api/openapi.json',
  'GET /api/rankings',
  'GET /api/rankings/{clickDay}',
  'GET /api/rankings/{clickDay}/histogram',
  'GET /api/rankings/{clickDay}/list.csv',
  'GET /api/rankings/{clickDay}/list.ndjson',
  'GET /api/rankings/{clickDay}/summary',
  'GET /api/admin/click-days',
  'POST /api/admin/click-days',
  'PUT /api/admin/click-days/{id}',
  'GET /api/practice',
  'POST /api/practice/passbook',
  'GET /api/practice/receipt.pdf',
  'GET /api/admin/rehearsals',
  'POST /api/admin/rehearsals',
  'PUT /api/admin/rehearsals/{id}',
  'DELETE /api/admin/rehearsals/{id}',
  'GET /api/notices',
  'GET /api/admin/notices',
  'POST /api/admin/notices',
  'PUT /api/admin/notices/{id}',
  'DELETE /api/admin/notices/{id}',
  'GET /api/admin/status',
  'GET /api/admin/mail',
  'GET /api/admin/outbox',
  'GET /api/admin/outbox/{id}',
  ...HELPDESK_ROUTES,
  'GET /health',
];
const PUBLIC_CALLS =
  'time|verification-keys|click-days|gates|keys|models|offices|tables|downloads|openapi|rankings';
const PUBLIC = new RegExp(`^(GET /api/(${PUBLIC_CALLS}|openid|notices|helpdesk|articles)|GET /h)`);
const OPEN_POSTS =
  'registrations|session|setup|password-resets|account/address/|account/deletion/keep';
const OPEN_LOGINS = 'openid/(attempts|return|accounts)|device-codes(/session)?$';
const OPEN = new RegExp(`^(POST /api/(${OPEN_POSTS}|${OPEN_LOGINS})|GET /api/entries)`);
const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

let world: World;
let person: Caller;
beforeAll(async () => {
  world = await openWorld();
  person = await applicant(world, 'http@example.it');
  const times = { opensAt: '2011-01-31T07:00:00.000000Z', closesAt: '2011-01-31T22:00:00.000000Z' };
  world.portal.calendar.create('', { id: 'day', name: { it: 'Giorno', en: 'Day' }, ...times });
});
afterAll(() => world.close());

function expectProblem(answer: { status: number; headers: Headers; body: Problem }, code: string) {
  expect(answer.body.code).toBe(code);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const outcome = outcomeOf(code);
  expect(answer.body).toMatchObject({
    type: expect.stringMatching(/^urn:clickday:problem:/),
    status: answer.status,
    detail: outcome?.it,
    messages: { it: outcome?.it, en: outcome?.en },
  });
}

describe('trouble with a request', () => {
  const post = (body: string, headers = {}) => person.call('POST', '/api/session', body, headers);

  it.each([
    ['{', 'REQUEST_MALFORMED', 400],
    ['{"email":"a@b.it","__proto__":{"x":1},"password":"x"}', 'REQUEST_MALFORMED', 400],
    ['[]', 'REQUEST_INVALID', 422],
    ['null', 'REQUEST_INVALID', 422],
    ['"text"', 'REQUEST_INVALID', 422],
    ['{"email":"a@b.it"}', 'REQUEST_INVALID', 422],
    ['{"email":1,"password":"x"}', 'REQUEST_INVALID', 422],
    ['', 'REQUEST_INVALID', 422],
  ])('%s is answered with %s', async (body, code, status) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expectProblem(answer, code);
  });

  it('names the fields that are wrong', async () => {
    const answer = await post('{"email":1}');
    expect(answer.body.errors?.map((error) => error.field).sort()).toEqual(['email', 'password']);
  });

  it('refuses other media types and what is too large', async () => {
    const form = await post('email=a', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form.status).toBe(415);
    expectProblem(form, 'MEDIA_TYPE_UNSUPPORTED');
    const large = await post(JSON.stringify({ email: 'x'.repeat(300_000) }));
    expect(large.status).toBe(413);
    expectProblem(large, 'REQUEST_TOO_LARGE');
  });

  it('answers unknown paths and impossible identifiers as not found', async () => {
    const paths = ['/api/nothing', '/api', '/api/applications/1', `/api/applications/${ULID}`];
    for (const path of [...paths, '/api/models/NOPE', '/api/tables/nope', '/missing.js']) {
      expectProblem(await person.call('GET', path), 'NOT_FOUND');
    }
    expectProblem(await person.call('DELETE', '/api/click-days'), 'NOT_FOUND');
  });

  it('refuses queries it does not understand', async () => {
    for (const query of ['status=lost', 'limit=0', 'limit=x', 'cursor=x', 'q=a&q=b']) {
      expectProblem(await person.call('GET', `/api/applications?${query}`), 'REQUEST_INVALID');
    }
    expectProblem(await world.nobody.call('GET', '/api/time?t0=x'), 'REQUEST_INVALID');
  });

  it('speaks the caller’s language', async () => {
    const ask = (language: string) =>
      world.nobody.call('GET', '/api/session', undefined, { 'accept-language': language });
    const english = outcomeOf('UNAUTHENTICATED')?.en;
    expect((await ask('en-GB,en;q=0.9')).body.detail).toBe(english);
    expect((await ask('it;q=0.3,en;q=0.8')).body.detail).toBe(english);
    expect((await ask('de,fr')).body.detail).toBe(outcomeOf('UNAUTHENTICATED')?.it);
    expect((await ask('en;q=0, it')).body.detail).toBe(outcomeOf('UNAUTHENTICATED')?.it);
  });

  it('answers what is not HTTP at all with a problem and closes', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(world.address).port), '127.0.0.1');
      let heard = '';
      socket.on('data', (bytes) => {
        heard += bytes.toString();
      });
      socket.on('end', () => resolve(heard)).on('error', reject);
      socket.write('THIS IS NOT HTTP\r\n\r\n');
    });
    expect(text).toContain('400 Bad Request');
    expect(text).toContain('"code":"REQUEST_MALFORMED"');
  });

  it('keeps a broken address from being more than that', async () => {
    expectProblem(await world.nobody.call('GET', '/api/models/%E0%A4%A'), 'REQUEST_MALFORMED');
  });
});

describe('every answer', () => {
  it('forbids framing, foreign scripts and sniffing; connects to the gates only', async () => {
    const { headers } = await world.nobody.call('GET', '/');
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("connect-src 'self' ws://127.0.0.1:8081 http://127.0.0.1:8081");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('of the API is not kept by caches', async () => {
    const { headers } = await person.call('GET', '/api/session');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('the API’s description', () => {
  interface Operation {
    responses: Record<string, { description: string }>;
    parameters?: { name: string; in: string; required?: boolean }[];
  }
  const document = async () =>
    (
      await world.nobody.call<{
        openapi: string;
        info: { title: string; version: string };
        paths: Record<string, Record<string, Operation>>;
      }>('GET', '/api/openapi.json')
    ).body;

  it('is OpenAPI 3.1 and lists exactly the routes there are', async () => {
    const { openapi, info, paths } = await document();
    expect(openapi).toBe('3.1.0');
    expect(info.title).toBe('Clickday portal');
    const listed = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(listed.sort()).toEqual([...ROUTES].sort());
  });

  it('declares every parameter of a path and an answer with a description for each', async () => {
    for (const [path, operations] of Object.entries((await document()).paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const operation of Object.values(operations)) {
        const declared = (operation.parameters ?? []).filter((each) => each.in === 'path');
        expect(declared.map((each) => each.name)).toEqual(names);
        const answers = Object.values(operation.responses);
        expect(answers.length).toBeGreaterThan(0);
        for (const answer of answers) expect(answer.description.length).toBeGreaterThan(0);
      }
    }
  });

  it.each(ROUTES)('%s exists and asks who is there', async (route) => {
    const [method, path] = route.split(' ') as [string, string];
    const real = path.replace('{id}', ULID).replace('{page}', '1').replace('{code}', 'A');
    const article = real.replace('{slug}', 'register').replace('{canned}', ULID);
    const named = article.replace('{name}', 'provinces').replace('{clickDay}', 'day');
    const answer = await world.nobody.call(method, named);
    if (PUBLIC.test(route) && !/session/.test(route)) expect(answer.status).toBe(200);
    else if (OPEN.test(route)) expect(answer.body.code).toBe('REQUEST_INVALID');
    else expectProblem(answer, 'UNAUTHENTICATED');
  });

  it.each(ROUTES.filter((route) => route.includes('/api/admin/')))(
    '%s is for administrators',
    async (route) => {
      const [method, path] = route.split(' ') as [string, string];
      expectProblem(await person.call(method, path.replace('{id}', ULID)), 'FORBIDDEN');
    },
  );
});

describe('small things for everybody', () => {
  it('tells the official time as one clock exchange', async () => {
    const { body } = await world.nobody.call('GET', '/api/time?t0=12.75');
    const nowUs = world.clock.nowUs();
    const sync = 'synchronised';
    expect(body).toEqual({ t0: 12.75, t1Us: nowUs, t2Us: nowUs, uncertaintyUs: 500, sync });
  });

  it('serves models, their pages and tables', async () => {
    interface Models {
      models: { code: string; pageCount: number }[];
    }
    const { body } = await world.nobody.call<Models>('GET', '/api/models');
    const codes = ['A', 'B', 'C-STAG', 'VA', 'VB', 'LS', 'LS1', 'LS2', 'BPS'];
    expect(body.models.map((model) => model.code)).toEqual(codes);
    const form = await world.nobody.call<{ pages: unknown[] }>('GET', '/api/models/A?version=1');
    expect(form.body.pages).toHaveLength(body.models[0]!.pageCount);
    expectProblem(await world.nobody.call('GET', '/api/models/A?version=99'), 'NOT_FOUND');
    const table = await world.nobody.call<{ rows: unknown[] }>('GET', '/api/tables/provinces');
    expect(table.body.rows.length).toBeGreaterThan(100);
  });

  it('counts for the monitoring', async () => {
    const { body } = await world.nobody.call<Buffer>('GET', '/metrics');
    expect(body.toString()).toContain('clickday_portal_applications{status="ready"} 0');
  });
});

describe('the web application', () => {
  it('is replaced by a page that says how to build it', async () => {
    const { status, body } = await world.nobody.call<Buffer>('GET', '/');
    expect(status).toBe(200);
    expect(body.toString()).toContain('npm run build:ui');
  });

  it('answers its own addresses with its page, and nothing else', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'clickday-ui-'));
    mkdirSync(join(directory, 'assets'));
    writeFileSync(join(directory, 'index.html'), '<title>built</title>');
    writeFileSync(join(directory, 'assets/app-1234.js'), 'export {};');
    writeFileSync(join(directory, 'assets/app-1234.js.gz'), gzipSync('export {};'));
    const config = {
      isBehindProxy: false,
      isStaffBoundToSecondFactor: false,
      limits: portalLimits,
    };
    const random = seededRandom('pages', world.clock);
    const server = await createServer({
      ...{ config, log: silentLog(), random, clock: world.clock, gates: () => [] },
    });
    await addUi(server, directory);
    const caller = callerAt(await server.listen({ host: '127.0.0.1', port: 0 }), {});
    const page = await caller.call<Buffer>('GET', '/applications/01X/pages/2');
    const asset = await caller.call<Buffer>('GET', '/assets/app-1234.js');
    const missing = await caller.call('GET', '/assets/gone.js');
    const head = await caller.call('HEAD', '/assets/app-1234.js');
    const folder = await caller.call<Buffer>('GET', '/assets/');
    const outside = await Promise.all([
      caller.call('GET', '/..%2f..%2fpackage.json'),
      caller.call('GET', '/assets/..%2findex.html'),
      caller.call('GET', '/assets/%2e%2e%2findex.html'),
      caller.call('GET', '/assets//app-1234.js'),
    ]);
    await server.close();
    expect([page.status, page.body.toString()]).toEqual([200, '<title>built</title>']);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect([asset.status, asset.body.toString()]).toEqual([200, 'export {};']);
    for (const { headers } of [asset, head]) {
      expect(headers.get('cache-control')).toContain('immutable');
      expect(headers.get('content-encoding')).toBe('gzip');
      expect(headers.get('content-type')).toContain('javascript');
    }
    expect([folder.status, folder.body.toString()]).toEqual([200, '<title>built</title>']);
    expect(folder.headers.get('cache-control')).toBe('no-cache');
    expectProblem(missing, 'NOT_FOUND');
    expect(missing.headers.get('cache-control')).not.toContain('immutable');
    for (const { status } of outside) expect(status).toBeGreaterThanOrEqual(400);
  });
});
