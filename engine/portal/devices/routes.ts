/**
 * The routes of device codes. A person decides with the cookie of a browser only: a program's own
 * session cannot approve another program, and so cannot outlive itself.
 */
import {
  DeviceCode,
  DeviceCodes,
  DeviceDecision,
  DeviceRequest,
  DeviceUserCode,
  DeviceView,
} from '#protocol/device-api.ts';
import { SessionAnswer } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { accountView } from '../accounts/service.ts';
import { requireBrowser } from '../http/guard.ts';
import type { Limiters } from '../http/limits.ts';
import { emptyResponse } from '../http/openapi.ts';
import type { Server } from '../http/server.ts';
import type { OwnSessions } from '../session/own-sessions.ts';
import type { Devices } from './service.ts';

interface Parts {
  readonly devices: Devices;
  readonly limiters: Limiters;
  readonly note: OwnSessions['note'];
}

/** Adds the routes. */
export function deviceRoutes(server: Server, parts: Parts): void {
  programRoutes(server, parts);
  personRoutes(server, parts);
}

function programRoutes(server: Server, { devices, limiters, note }: Parts): void {
  server.post('/api/device-codes', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Ask for a code that a person types (RFC 8628 §3.1)',
      body: DeviceRequest,
      response: { 201: DeviceCodes },
    },
    handler: async (request, reply) => {
      await limiters.deviceCode(request);
      return reply.code(201).send(devices.ask(request.body, request.ip));
    },
  });
  server.post('/api/device-codes/session', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Fetch the bearer session once it is approved; until then DEVICE_PENDING',
      body: DeviceCode,
      response: { 200: SessionAnswer },
    },
    handler: async (request) => {
      await limiters.devicePoll(request);
      const { account, token, expiresAtUs } = devices.fetch(request.body.deviceCode);
      note(token, request.headers['user-agent']);
      return { account: accountView(account), token, expiresAt: isoFromUs(expiresAtUs) };
    },
  });
}

function personRoutes(server: Server, { devices, limiters }: Parts): void {
  server.post('/api/device-codes/find', {
    config: { access: 'applicant' },
    schema: {
      summary: 'What asks with this short code, and from where',
      body: DeviceUserCode,
      response: { 200: DeviceView },
    },
    handler: async (request) => {
      requireBrowser(request);
      await limiters.deviceTry(request);
      return devices.find(request.body.userCode, request.ip);
    },
  });
  server.post('/api/device-codes/decision', {
    config: { access: 'applicant' },
    schema: {
      summary: 'Let the program in, or refuse it',
      body: DeviceDecision,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      const { account } = requireBrowser(request);
      await limiters.deviceTry(request);
      const { userCode, approve } = request.body;
      devices.decide(userCode, { account, approve });
      return reply.code(204).send(null);
    },
  });
}
