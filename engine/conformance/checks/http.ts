/** The HTTP side (protocol §1 and §4). */
import { TimeAnswer } from '#protocol/frames.ts';
import type { Reply } from '../http.ts';
import { expect, expectEqual, expectShape } from '../judge.ts';
import type { Check } from '../kit.ts';

/** RFC 9457 with a stable code. */
export function expectProblem({ status, headers, json }: Reply, wanted: number, code: string) {
  expectEqual('the status', status, wanted);
  const type = headers.get('content-type')?.split(';')[0];
  expectEqual('the content type', type, 'application/problem+json');
  expectEqual('the code', json?.code, code);
}

export const httpChecks: readonly Check[] = [
  {
    name: 'http-time',
    rule: 'GET /v1/time?t0=… answers like time, readable by any page (§4)',
    run: async (stage) => {
      const reply = await stage.http('/v1/time?t0=81234.567');
      expectEqual('the status', reply.status, 200);
      expectShape('the answer', TimeAnswer, { type: 'time', ...reply.json });
      expectEqual('t0', reply.json?.t0, 81_234.567);
      expectEqual('who may read it', reply.headers.get('access-control-allow-origin'), '*');
    },
  },
  {
    name: 'http-without-passbook',
    rule: 'a submission without a passbook is 401 PASSBOOK_INVALID (§4)',
    run: async (stage) => {
      const body = JSON.stringify({ application: 'x' });
      const reply = await stage.http('/v1/submissions', { method: 'POST', body });
      expectProblem(reply, 401, 'PASSBOOK_INVALID');
    },
  },
  {
    name: 'http-not-json',
    rule: 'a body that is not JSON is 400 (§4)',
    run: async (stage) => {
      const authorization = `Bearer ${stage.account().passbooks[0]}`;
      const init = { method: 'POST', body: '{', headers: { authorization } };
      expectProblem(await stage.http('/v1/submissions', init), 400, 'FRAME_MALFORMED');
    },
  },
  {
    name: 'http-unknown-path',
    rule: 'what is not there is 404 NOT_FOUND as application/problem+json',
    run: async (stage) => {
      expectProblem(await stage.http('/v1/nothing-of-this-name'), 404, 'NOT_FOUND');
    },
  },
  {
    name: 'contract',
    rule: 'GET /asyncapi.json is AsyncAPI 3',
    run: async (stage) => {
      const { status, json } = await stage.http('/asyncapi.json');
      expectEqual('the status', status, 200);
      const version = String(json?.asyncapi);
      expect(version.startsWith('3.'), `asyncapi is ${version}`);
    },
  },
  {
    name: 'health',
    rule: 'GET /health says ok (200) or what is the matter (503), and the gate’s name (§1)',
    run: async (stage) => {
      const { status, json } = await stage.http('/health');
      expect(status === 200 || status === 503, `the status is ${status}`);
      expectEqual('status', json?.status, status === 200 ? 'ok' : 'degraded');
      expect(typeof json?.gate === 'string', 'the gate is not named');
    },
  },
  {
    name: 'metrics',
    rule: 'GET /metrics is Prometheus text (§1)',
    run: async (stage) => {
      const { status, text } = await stage.http('/metrics');
      expectEqual('the status', status, 200);
      expect(/^# TYPE \S+ (counter|gauge|histogram|summary)$/m.test(text), 'no metric is typed');
    },
  },
];
