/** The routes of the calendar: what everybody sees, and what an administrator plans. */
import { Type } from '@sinclair/typebox';
import {
  AdminClickDay,
  AdminClickDaysAnswer,
  ClickDayChange,
  ClickDayCreation,
  ClickDaysAnswer,
  type ClickDayView,
  GatesAnswer,
} from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { SigningKey } from '../../foundation/jws.ts';
import { requireCaller } from '../http/guard.ts';
import type { Server } from '../http/server.ts';
import { keySetOf } from './notice.ts';
import type { Calendar } from './service.ts';
import type { ClickDayFacts } from './store.ts';

interface Parts {
  readonly calendar: Calendar;
  readonly key: SigningKey;
  readonly gates: () => readonly string[];
  /** Codes of all models, for days whose rules name none. */
  readonly models: readonly string[];
}

const Day = Type.Object({ id: Type.String({ maxLength: 64 }) });
const KeySet = Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) });

/** Adds the routes. */
export function calendarRoutes(server: Server, parts: Parts): void {
  publicRoutes(server, parts);
  adminRoutes(server, parts);
}

function publicRoutes(server: Server, parts: Parts): void {
  const { calendar, key, gates } = parts;
  server.get('/api/click-days', {
    config: { access: 'anyone' },
    schema: { summary: 'The calendar', response: { 200: ClickDaysAnswer } },
    handler: async () => ({ clickDays: calendar.all().map((day) => viewOf(parts, day)) }),
  });
  server.get('/api/gates', {
    config: { access: 'anyone' },
    schema: { summary: 'Where to submit', response: { 200: GatesAnswer } },
    handler: async () => ({ gates: [...gates()] }),
  });
  server.get('/api/keys', {
    config: { access: 'anyone' },
    schema: { summary: 'Public keys of passbooks and calendar', response: { 200: KeySet } },
    handler: async () => keySetOf(key),
  });
}

function adminRoutes(server: Server, parts: Parts): void {
  const { calendar } = parts;
  const config = { access: 'admin' } as const;
  server.get('/api/admin/click-days', {
    config,
    schema: { summary: 'Click days with their rules', response: { 200: AdminClickDaysAnswer } },
    handler: async () => ({ clickDays: calendar.all().map((day) => adminViewOf(parts, day)) }),
  });
  server.post('/api/admin/click-days', {
    config,
    schema: {
      summary: 'Plan a click day',
      body: ClickDayCreation,
      response: { 201: AdminClickDay },
    },
    handler: async (request, reply) => {
      const day = calendar.create(requireCaller(request).account.id, request.body);
      return reply.code(201).send(adminViewOf(parts, day));
    },
  });
  server.put('/api/admin/click-days/:id', {
    config,
    schema: {
      summary: 'Change a click day; its opening only while it is to come',
      params: Day,
      body: ClickDayChange,
      response: { 200: AdminClickDay },
    },
    handler: async (request) => {
      const by = requireCaller(request).account.id;
      return adminViewOf(parts, calendar.change(by, request.params.id, request.body));
    },
  });
}

function viewOf({ calendar, models }: Parts, day: ClickDayFacts): ClickDayView {
  const named = day.rules.flatMap((rule) => rule.models ?? models);
  return {
    id: day.id,
    name: day.name,
    opensAt: isoFromUs(day.opensAtUs),
    closesAt: isoFromUs(day.closesAtUs),
    status: calendar.statusOf(day),
    models: models.filter((code) => named.includes(code)),
  };
}

function adminViewOf(parts: Parts, day: ClickDayFacts): AdminClickDay {
  return { ...viewOf(parts, day), suspended: day.suspended, rules: [...day.rules] };
}
