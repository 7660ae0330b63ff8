/** The routes of practice: what an applicant may try, and the windows of an administrator. */
import { Type } from '@sinclair/typebox';
import { entryNamed, type LedgerEntry } from '#protocol/entry.ts';
import { isRehearsalDay } from '#protocol/rehearsal.ts';
import {
  AdminRehearsal,
  AdminRehearsalsAnswer,
  PracticeAnswer,
  PracticeLine,
  PracticeReceiptQuery,
  PracticeRequest,
  RehearsalChange,
} from '#protocol/rehearsals-api.ts';
import type { SigningKey } from '../../foundation/jws.ts';
import type { Random } from '../../foundation/random.ts';
import { requireCaller } from '../http/guard.ts';
import type { Limit } from '../http/limits.ts';
import { emptyResponse, pdfResponse } from '../http/openapi.ts';
import { languageOf, Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { PracticeConfig } from '../settings.ts';
import { isPractisedBy, practiceLine } from './lines.ts';
import { type RehearsalWindows, restHours } from './windows.ts';

/** The entry of a ledger of rehearsals; undefined when there is none, or not on this machine. */
export type ReadRehearsal = (
  named: Pick<LedgerEntry, 'clickDay' | 'gate' | 'seq'>,
) => Promise<LedgerEntry | undefined>;

/** The receipt of no value. */
export type MakeRehearsalReceipt = (practised: {
  readonly entry: LedgerEntry;
  readonly sender: string;
  readonly language: 'it' | 'en';
}) => Promise<Uint8Array>;

interface Parts {
  readonly windows: RehearsalWindows;
  readonly practice: PracticeConfig;
  readonly key: SigningKey;
  readonly random: Random;
  readonly clock: { nowUs(): number };
  readonly limit: Limit;
  readonly readRehearsal: ReadRehearsal;
  readonly makeReceipt: MakeRehearsalReceipt;
}

const Window = Type.Object({ id: Type.String({ maxLength: 64 }) });

/** Adds the routes. */
export function rehearsalRoutes(server: Server, parts: Parts): void {
  practiceRoutes(server, parts);
  adminRoutes(server, parts);
}

function practiceRoutes(server: Server, parts: Parts): void {
  const { windows, limit } = parts;
  const config = { access: 'applicant' } as const;
  server.get('/api/practice', {
    config,
    schema: { summary: 'When one can practise', response: { 200: PracticeAnswer } },
    handler: async () => windows.practice(),
  });
  server.post('/api/practice/passbook', {
    config,
    schema: {
      summary: 'A line to practise with: of no value, good for one submission',
      body: PracticeRequest,
      response: { 201: PracticeLine },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      await limit(request);
      const window = windows.open(request.body.window);
      return reply.code(201).send(practiceLine(parts, account.id, window));
    },
  });
  server.get('/api/practice/receipt.pdf', {
    config,
    schema: {
      summary: 'The receipt of a practice submission of this account: of no value',
      querystring: PracticeReceiptQuery,
      response: { 200: pdfResponse },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      await limit(request);
      const named = entryNamed(request.query.protocol.trim());
      const isPractice = named !== undefined && isRehearsalDay(named.clickDay);
      const entry = isPractice ? await parts.readRehearsal(named) : undefined;
      if (entry?.clickDay !== named?.clickDay || !entry || !isPractisedBy(entry, account.id)) {
        throw new Refusal('REHEARSAL_RECEIPT_NONE');
      }
      const language = languageOf(request.headers['accept-language']);
      const pdf = await parts.makeReceipt({ entry, sender: account.email, language });
      return reply
        .header('content-disposition', `inline; filename="${entry.application}.pdf"`)
        .header('cache-control', 'private, no-store')
        .type('application/pdf')
        .send(Buffer.from(pdf));
    },
  });
}

function adminRoutes(server: Server, { windows, practice }: Parts): void {
  const config = { access: 'admin' } as const;
  server.get('/api/admin/rehearsals', {
    config,
    schema: { summary: 'Rehearsal windows', response: { 200: AdminRehearsalsAnswer } },
    handler: async () => ({ rehearsals: windows.admin(), ...restHours(practice.rest) }),
  });
  server.post('/api/admin/rehearsals', {
    config,
    schema: {
      summary: 'Open a rehearsal window',
      body: RehearsalChange,
      response: { 201: AdminRehearsal },
    },
    handler: async (request, reply) => {
      const by = requireCaller(request).account.id;
      return reply.code(201).send(windows.create(by, request.body));
    },
  });
  server.put('/api/admin/rehearsals/:id', {
    config,
    schema: {
      summary: 'Change a rehearsal window',
      params: Window,
      body: RehearsalChange,
      response: { 200: AdminRehearsal },
    },
    handler: async (request) => {
      const by = requireCaller(request).account.id;
      return windows.change(by, request.params.id, request.body);
    },
  });
  server.delete('/api/admin/rehearsals/:id', {
    config,
    schema: {
      summary: 'Take a rehearsal window away',
      params: Window,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      windows.remove(requireCaller(request).account.id, request.params.id);
      return reply.code(204).send(null);
    },
  });
}
