/** The gate's HTTP door (protocol §4): the same path and numbering as a WebSocket submission. */
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateSigningKey } from '#engine/foundation/jws.ts';
import type { Accepted } from '#protocol/frames.ts';
import { isoFromUs } from '#protocol/time.ts';
import { checkedFrame } from '#test/support/gate-client.ts';
import { CLOSING_US, clickDay, DAY, SECOND_US } from '#test/support/gate-papers.ts';
import { type GateWorld, openGateWorld, UNCERTAINTY_US } from '#test/support/gate-world.ts';
import { applicationId, OPENING_US } from '#test/support/register-entries.ts';

const ONE = applicationId(1);
const TWO = applicationId(2);

let world: GateWorld;
let passbook: string;
beforeEach(() => begin({}));
afterEach(() => world.close());

async function begin(options: Parameters<typeof openGateWorld>[0]) {
  world = await openGateWorld(options);
  passbook = world.papers.passbook({ applications: [ONE, TWO] });
}

async function answerOf(response: Response) {
  const text = await response.text();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, headers: response.headers, body };
}

interface Request {
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

async function post(body: unknown, { token = passbook, headers = {} }: Request = {}) {
  const response = await fetch(`${world.http}/v1/submissions`, {
    method: 'POST',
    headers: { ...(token !== '' && { authorization: `Bearer ${token}` }), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return answerOf(response);
}

const get = async (path: string) => answerOf(await fetch(`${world.http}${path}`));

describe('POST /v1/submissions', () => {
  it('answers 201 with the members of accepted, and 200 to a repetition', async () => {
    const first = await post({ application: ONE, ref: 'mark' });
    expect(first.status).toBe(201);
    expect(first.headers.get('content-type')).toBe('application/json');
    expect(first.body).toEqual({
      application: ONE,
      ref: 'mark',
      protocol: `${DAY}/g1/000000001`,
      seq: 1,
      stamp: isoFromUs(OPENING_US + SECOND_US),
      uncertaintyUs: UNCERTAINTY_US,
    });
    expect(await world.entries()).toMatchObject([{ application: ONE, seq: 1 }]);
    const second = await post({ application: ONE });
    const { ref: _ref, ...members } = first.body;
    expect(second).toMatchObject({ status: 200, body: { ...members, duplicate: true } });
  });

  it('is the same path as the WebSocket: one numbering, one entry an application', async () => {
    const client = await world.greeted({ applications: [ONE, TWO] });
    client.submit(ONE);
    const accepted = await client.next('accepted');
    expect(await post({ application: ONE })).toMatchObject({
      status: 200,
      body: { seq: accepted.seq, stamp: accepted.stamp, duplicate: true },
    });
    expect(await post({ application: TWO })).toMatchObject({ status: 201, body: { seq: 2 } });
    client.submit(TWO);
    const repeated: Accepted = await client.next('accepted');
    expect(repeated).toMatchObject({ seq: 2, duplicate: true });
    expect(await world.entries()).toHaveLength(2);
  });

  it('takes a passbook of 500 applications in its header', async () => {
    const applications = Array.from({ length: 500 }, (_, at) => applicationId(at + 1));
    const token = world.papers.passbook({ applications });
    const answer = await post({ application: applicationId(500) }, { token });
    expect(answer).toMatchObject({ status: 201, body: { seq: 1 } });
  });

  it('answers 425 with Retry-After and the instant before the opening', async () => {
    await world.close();
    await begin({ nowUs: OPENING_US - 60 * SECOND_US });
    const { status, headers, body } = await post({ application: ONE, ref: 'early' });
    expect(status).toBe(425);
    expect(headers.get('retry-after')).toBe('61');
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({
      status: 425,
      code: 'TOO_EARLY',
      ...{ application: ONE, ref: 'early', retryAfterMs: 60_001, opensAt: isoFromUs(OPENING_US) },
    });
  });

  it('answers 410 after the close', async () => {
    world.clock.set({ nowUs: CLOSING_US });
    expect(await post({ application: ONE })).toMatchObject({
      status: 410,
      body: { code: 'CLOSED' },
    });
  });

  it('answers 401 without a passbook, and to one that is forged or has expired', async () => {
    const invalid = { status: 401, body: { code: 'PASSBOOK_INVALID' } };
    const order = { applications: [ONE] };
    expect(await post({ application: ONE }, { token: '' })).toMatchObject(invalid);
    expect(await post({ application: ONE }, { token: 'none' })).toMatchObject(invalid);
    const forged = world.papers.passbook({ ...order, key: generateSigningKey() });
    expect(await post({ application: ONE }, { token: forged })).toMatchObject(invalid);
    const token = world.papers.passbook({
      ...order,
      expiresAtUs: world.clock.nowUs() + 60 * SECOND_US,
    });
    expect((await post({ application: ONE }, { token })).status).toBe(201);
    world.clock.advance(60 * SECOND_US);
    const expired = await post({ application: ONE }, { token });
    expect(expired).toMatchObject({ status: 401, body: { code: 'PASSBOOK_EXPIRED' } });
  });

  it('answers 404 to an application of nobody’s passbook and of another click day', async () => {
    const unknown = await post({ application: applicationId(3) });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'UNKNOWN_APPLICATION' } });
    const token = world.papers.passbook({ applications: [ONE], clickDay: '2012-01-31' });
    const wrong = await post({ application: ONE }, { token });
    expect(wrong).toMatchObject({ status: 404, body: { code: 'WRONG_CLICK_DAY' } });
  });

  it('answers 413 to a body above 4 KiB, however it is cut', async () => {
    const body = { application: ONE, pad: 'x'.repeat(5 * 1024) };
    const large = await post(body);
    expect(large).toMatchObject({ status: 413, body: { code: 'FRAME_TOO_LARGE' } });
    expect((await post({ ...body, pad: 'x'.repeat(200_000) })).status).toBe(413);
  });

  it('takes a body that comes in pieces, cut within a character', async () => {
    const whole = Buffer.from(JSON.stringify({ application: ONE, ref: 'è' }));
    const middle = whole.indexOf('è') + 1;
    async function* pieces() {
      yield whole.subarray(0, middle);
      await setTimeout(20);
      yield whole.subarray(middle);
    }
    const response = await fetch(`${world.http}/v1/submissions`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${passbook}` } },
      ...{ body: ReadableStream.from(pieces()), duplex: 'half' },
    });
    expect(await answerOf(response)).toMatchObject({ status: 201, body: { ref: 'è' } });
  });

  it('answers 400 to what is no submission', async () => {
    expect(await post('{"app')).toMatchObject({ status: 400, body: { code: 'FRAME_MALFORMED' } });
    for (const body of ['null', '[]', '7', '""', { application: 7 }, {}]) {
      expect((await post(body)).status).toBe(400);
    }
    expect(await world.entries()).toEqual([]);
  });

  it('answers 503 while the day is suspended and while the disk is full', async () => {
    await world.publish(world.papers.calendar([clickDay({ suspended: true })]));
    const suspended = await post({ application: ONE });
    expect(suspended).toMatchObject({ status: 503, body: { code: 'SUSPENDED' } });
    await world.publish(world.papers.calendar([clickDay()]));
    world.disk.freeBytes = 0;
    await world.pass(500);
    const full = await post({ application: ONE });
    expect(full).toMatchObject({ status: 503, body: { code: 'STORAGE_UNAVAILABLE' } });
    expect(full.headers.get('retry-after')).toBe('1');
  });

  it('speaks the language that was asked for', async () => {
    const headers = { 'accept-language': 'it' };
    const { body } = await post({ application: applicationId(3) }, { headers });
    expect(body.message).toContain('Domanda non presente');
  });

  it('is entered even when the caller hangs up before the answer', async () => {
    world.ledger.hold();
    const hangUp = new AbortController();
    const call = fetch(`${world.http}/v1/submissions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${passbook}` },
      body: JSON.stringify({ application: ONE }),
      signal: hangUp.signal,
    });
    while (world.ledger.batches.length === 0) await world.pass(0);
    hangUp.abort();
    await expect(call).rejects.toThrow();
    await world.ledger.release();
    expect(await post({ application: ONE })).toMatchObject({ status: 200, body: { seq: 1 } });
  });
});

describe('the gate’s other pages', () => {
  it('/v1/time answers like the frame, and 400 without t0', async () => {
    const { status, body } = await get('/v1/time?t0=1.5');
    expect(status).toBe(200);
    const nowUs = OPENING_US + SECOND_US;
    expect(checkedFrame(JSON.stringify(body))).toMatchObject({ t0: 1.5, t1Us: nowUs, t2Us: nowUs });
    expect((await get('/v1/time')).status).toBe(400);
    expect((await get('/v1/time?t0=soon')).status).toBe(400);
    expect((await get('/v1/time?t0=0')).status).toBe(200);
  });

  it('/health says how it is, and degraded with 503 while the disk is full', async () => {
    await post({ application: ONE });
    expect(await get('/health')).toMatchObject({
      status: 200,
      body: { status: 'ok', gate: 'g1', lastSeq: 1, accepted: 1, alarm: false },
    });
    world.clock.set({ sync: 'unsynchronised' });
    expect(await get('/health')).toMatchObject({ status: 200, body: { alarm: true } });
    world.disk.freeBytes = 0;
    await world.pass(500);
    expect(await get('/health')).toMatchObject({ status: 503, body: { status: 'degraded' } });
  });

  it('/metrics counts what was received, accepted, repeated and refused', async () => {
    await post({ application: ONE });
    await post({ application: ONE });
    await post({ application: applicationId(3) });
    const text = await (await fetch(`${world.http}/metrics`)).text();
    expect(text).toMatch(/^clickday_received 3$/m);
    expect(text).toMatch(/^clickday_accepted 1$/m);
    expect(text).toMatch(/^clickday_repeated 1$/m);
    expect(text).toMatch(/^clickday_rejected_total\{code="UNKNOWN_APPLICATION"\} 1$/m);
    for (const line of text.split('\n').filter((one) => one !== '')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) .+|[a-z0-9_]+(\{.*\})? -?[0-9.e+-]+|.* (\+Inf|-Inf|Nan))$/,
      );
    }
  });

  it('/asyncapi.json is AsyncAPI 3 with every message, and its references lead somewhere', async () => {
    const { status, body } = await get('/asyncapi.json');
    expect(status).toBe(200);
    expect(body.asyncapi).toBe('3.0.0');
    const { messages } = body.components as { messages: object };
    expect(Object.keys(messages)).toEqual([
      ...['hello', 'timeRequest', 'submit'],
      ...['welcome', 'time', 'accepted', 'rejected', 'calendar', 'error'],
      ...['httpSubmission', 'httpSubmissionAccepted', 'httpSubmissionRefused'],
      ...['httpTime', 'httpTimeTold', 'httpTimeRefused'],
      ...['logCheckpoint', 'logCheckpointCosigned', 'logTile', 'logEntries', 'logKeys'],
    ]);
    const references = JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g);
    for (const [, path] of references) {
      const target = path!.split('/').reduce<unknown>(member, body);
      expect(target, path).toBeDefined();
    }
  });

  it('anything else is 404', async () => {
    expect(await get('/')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await get('/v1/submissions')).status).toBe(404);
  });
});

function member(value: unknown, name: string): unknown {
  return (value as Record<string, unknown> | undefined)?.[name];
}
