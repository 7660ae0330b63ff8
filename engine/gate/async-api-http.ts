/**
 * The gate's own HTTP calls in its AsyncAPI document (docs/protocol.md §4): a channel each, on
 * which a question of the caller is received and an answer sent. What fails is answered with
 * `application/problem+json` (RFC 9457) whose `code` is that of a `rejected` frame.
 */
import { type TSchema, Type } from '@sinclair/typebox';
import { Accepted, Submit, TimeAnswer } from '#protocol/frames.ts';
import { Problem } from '#protocol/portal-api.ts';

interface Call {
  readonly address: string;
  readonly method: 'GET' | 'POST';
  readonly summary: string;
  readonly question: Named;
  /** By the word under which the document has it, with the HTTP status it comes with. */
  readonly answers: Readonly<Record<string, Named & { readonly status: number }>>;
}

interface Named {
  readonly contentType?: string;
  readonly headers?: TSchema;
  readonly payload?: TSchema;
}

const JSON_TYPE = 'application/json';
const problem = { contentType: 'application/problem+json', payload: Problem };

const CALLS: Readonly<Record<string, Call>> = {
  httpSubmission: {
    address: '/v1/submissions',
    method: 'POST',
    summary:
      'One submission on the same path as a frame: 201 accepted and on disk, 200 for a duplicate, ' +
      '425 too early and 503 with Retry-After, 410 closed, 401, 404, 429',
    question: {
      contentType: JSON_TYPE,
      headers: Type.Object({
        authorization: Type.String({ description: 'Bearer and one passbook' }),
      }),
      payload: Type.Omit(Submit, ['type']),
    },
    answers: {
      accepted: { status: 201, contentType: JSON_TYPE, payload: Type.Omit(Accepted, ['type']) },
      refused: { status: 425, ...problem },
    },
  },
  httpTime: {
    address: '/v1/time?t0={t0}',
    method: 'GET',
    summary: 'One clock exchange; t0 is the caller’s clock in ms',
    question: {},
    answers: {
      told: { status: 200, contentType: JSON_TYPE, payload: TimeAnswer },
      refused: { status: 400, ...problem },
    },
  },
};

const BINDING = '0.3.0';
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** Channels, operations and messages of these calls, by name. */
export function httpCalls() {
  const channels: Record<string, unknown> = {};
  const operations: Record<string, unknown> = {};
  const messages: Record<string, unknown> = {};
  for (const [name, call] of Object.entries(CALLS)) {
    const named = Object.entries(call.answers).map(
      ([word, answer]) => [`${name}${capital(word)}`, answer] as const,
    );
    const all = [name, ...named.map(([answer]) => answer)];
    channels[name] = {
      address: call.address,
      messages: Object.fromEntries(
        all.map((one) => [one, { $ref: `#/components/messages/${one}` }]),
      ),
      ...(name === 'httpTime' && { parameters: { t0: { description: 'ms, may be fractional' } } }),
    };
    const channel = { $ref: `#/channels/${name}` };
    const inChannel = (one: string) => ({ $ref: `#/channels/${name}/messages/${one}` });
    operations[name] = {
      ...{ action: 'receive', summary: call.summary, channel, messages: [inChannel(name)] },
      reply: { channel, messages: named.map(([answer]) => inChannel(answer)) },
      bindings: { http: { method: call.method, bindingVersion: BINDING } },
    };
    messages[name] = { name, ...call.question };
    for (const [answer, { status, ...message }] of named) {
      const bindings = { http: { statusCode: status, bindingVersion: BINDING } };
      messages[answer] = { name: answer, ...message, bindings };
    }
  }
  return { channels, operations, messages };
}
