/**
 * The administrator's view: the state of the system at a glance, and the mail that left. Letters
 * are other people's: whoever reads them leaves a line in the audit.
 */
import { Type } from '@sinclair/typebox';
import { MailState } from '#protocol/mail-api.ts';
import {
  AdminStatus,
  Identifier,
  type MailSummary,
  MailView,
  OutboxAnswer,
} from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { MailRoom, MailRow } from '../../mail/index.ts';
import { requireCaller } from '../http/guard.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { Audit } from './audit.ts';

/** What other rooms of the process know of the system; the portal adds its own counts. */
export interface OutsideStatus {
  readonly register: AdminStatus['register'];
  readonly receipts: AdminStatus['receipts'];
  readonly gates: AdminStatus['gates'];
}

interface Parts {
  readonly mail: MailRoom;
  readonly status: () => OutsideStatus | Promise<OutsideStatus>;
  readonly counts: () => Pick<AdminStatus, 'accounts' | 'applications'>;
  readonly audit: Audit;
}

const PAGE_LENGTH = 50;
const QUEUES_SHOWN = 20;
const OutboxQuery = Type.Object({ cursor: Type.Optional(Type.String({ maxLength: 40 })) });
const MailParams = Type.Object({ id: Identifier });

/** Adds the routes. */
export function controlRoomRoutes(server: Server, { mail, status, counts, audit }: Parts): void {
  const config = { access: 'admin' } as const;
  server.get('/api/admin/status', {
    config,
    schema: { summary: 'The system at a glance', response: { 200: AdminStatus } },
    handler: async () => ({ ...(await status()), ...counts(), mail: mail.counts() }),
  });
  mailStateRoute(server, mail, config);
  server.get('/api/admin/outbox', {
    config,
    schema: {
      summary: 'Mails, newest first',
      querystring: OutboxQuery,
      response: { 200: OutboxAnswer },
    },
    handler: async (request) => {
      const rows = mail.list({ cursor: request.query.cursor, limit: PAGE_LENGTH });
      const { account } = requireCaller(request);
      const detail = { shown: rows.map(({ id }) => id) };
      audit({ account: account.id, action: 'mails.list', subject: 'mails', detail });
      const next = rows.length === PAGE_LENGTH ? (rows.at(-1)?.id ?? null) : null;
      return { mails: rows.map(summaryOf), next };
    },
  });
  server.get('/api/admin/outbox/:id', {
    config: { ...config, staffReads: 'mail.read' },
    schema: { summary: 'One mail', params: MailParams, response: { 200: MailView } },
    handler: async (request) => {
      const row = mail.read(request.params.id);
      if (!row) throw new Refusal('NOT_FOUND');
      return { ...summaryOf(row), text: row.text, ...deliveryOf(row) };
    },
  });
}

function mailStateRoute(
  server: Server,
  mail: MailRoom,
  config: { readonly access: 'admin' },
): void {
  server.get('/api/admin/mail', {
    config,
    schema: { summary: 'How mail goes, out and in', response: { 200: MailState } },
    handler: async () => {
      const { underWay, trouble, overdueSeconds, resting } = mail.status();
      const until = new Map(resting.map(({ domain, untilUs }) => [domain, isoFromUs(untilUs)]));
      const queues = mail.queues();
      return {
        counts: mail.counts(),
        ...{ underWay, trouble, overdueSeconds: Math.round(overdueSeconds) },
        domains: queues.length,
        queues: queues.slice(0, QUEUES_SHOWN).map(({ domain, waiting }) => ({
          ...{ domain, waiting, restsUntil: until.get(domain) ?? null },
        })),
      };
    },
  });
}

function deliveryOf(row: MailRow) {
  const nextAttemptAt = row.status === 'queued' ? isoFromUs(row.next_attempt_us) : null;
  return { attempts: row.attempts, error: row.error, nextAttemptAt };
}

function summaryOf(row: MailRow): MailSummary {
  return {
    id: row.id,
    to: row.recipient,
    subject: row.subject,
    createdAt: isoFromUs(row.created_at_us),
    status: row.status as MailSummary['status'],
  };
}
