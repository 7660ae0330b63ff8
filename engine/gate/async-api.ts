/** The AsyncAPI 3 document of the gate, from the same types that check the frames. */
import {
  Accepted,
  CalendarFrame,
  ErrorFrame,
  Hello,
  Rejected,
  SUBPROTOCOL,
  Submit,
  TimeAnswer,
  TimeRequest,
  Welcome,
} from '#protocol/frames.ts';
import { httpCalls } from './async-api-http.ts';
import { logCalls } from './async-api-log.ts';

const fromClient = { hello: Hello, timeRequest: TimeRequest, submit: Submit };
const fromGate = {
  welcome: Welcome,
  time: TimeAnswer,
  accepted: Accepted,
  rejected: Rejected,
  calendar: CalendarFrame,
  error: ErrorFrame,
};

const references = (names: object, base: string) =>
  Object.keys(names).map((name) => ({ $ref: `${base}/${name}` }));

/** The document as a JSON value. */
export function asyncApi(): Record<string, unknown> {
  const all = { ...fromClient, ...fromGate };
  const messages = Object.fromEntries(
    Object.entries(all).map(([name, payload]) => [name, { name, payload }]),
  );
  const channelMessages = Object.fromEntries(
    Object.keys(all).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
  );
  const base = '#/channels/submissions/messages';
  const channel = { $ref: '#/channels/submissions' };
  const http = httpCalls();
  const log = logCalls();
  return {
    asyncapi: '3.0.0',
    info: { title: 'Clickday gate', version: SUBPROTOCOL, license: { name: 'AGPL-3.0-or-later' } },
    channels: {
      submissions: { address: '/v1/submissions', messages: channelMessages },
      ...http.channels,
      ...log.channels,
    },
    operations: {
      receiveFromClient: {
        action: 'receive',
        channel,
        messages: references(fromClient, base),
      },
      sendToClient: { action: 'send', channel, messages: references(fromGate, base) },
      ...http.operations,
      ...log.operations,
    },
    components: { messages: { ...messages, ...http.messages, ...log.messages } },
  };
}
