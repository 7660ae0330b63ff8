/**
 * What an operator reads beside a ticket: who asks, their applications, their other tickets; to
 * read only. Applications are those of the one who asks, within the organisation the ticket is of,
 * and the one the ticket names. Looking leaves a line in the audit; so does each paper read.
 */
import {
  type DeskSubject,
  SUBJECT_APPLICATIONS_MAX,
  SUBJECT_TICKETS_MAX,
} from '#protocol/desk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type {
  AccountsTable,
  ApplicationsTable,
  Database,
  TicketRow,
} from '../../store/database/index.ts';
import { accountStore } from '../accounts/store.ts';
import type { Audit } from '../control-room/audit.ts';
import { Refusal } from '../http/refusal.ts';
import { nameOf, organisationNames } from './people.ts';
import { ticketStore } from './store.ts';

export interface Subjects {
  /** Refuses NOT_FOUND. */
  of(caller: AccountsTable, ticket: string): DeskSubject;
  /** The application's id, when its papers may be read beside this ticket. Refuses NOT_FOUND. */
  requirePaper(caller: AccountsTable, paper: Paper): string;
}

export interface Paper {
  readonly ticket: string;
  readonly application: string;
  readonly kind: 'receipt' | 'preview';
}

export function createSubjects({
  database,
  audit,
}: {
  readonly database: Database;
  readonly audit: Audit;
}): Subjects {
  const ticketOf = (id: string) => {
    const ticket = ticketStore(database).byId(id);
    if (ticket === undefined) throw new Refusal('NOT_FOUND');
    return ticket;
  };
  return {
    of: (caller, id) => {
      const ticket = ticketOf(id);
      const applications = applicationsOf(database, ticket);
      const detail = { account: ticket.account, shown: applications.map((row) => row.id) };
      audit({ account: caller.id, action: 'ticket.subject', subject: id, detail });
      return {
        account: accountOf(database, ticket),
        applications: applications.map(shownApplication),
        otherTickets: otherTickets(database, ticket),
      };
    },
    requirePaper: (caller, { ticket: id, application, kind }) => {
      const { build, first } = database;
      const row = first(build.selectFrom('applications').selectAll().where('id', '=', application));
      if (row === undefined || !isTheirs(ticketOf(id), row)) throw new Refusal('NOT_FOUND');
      const detail = { application };
      audit({ account: caller.id, action: `ticket.${kind}`, subject: id, detail });
      return row.id;
    },
  };
}

/** The rule of `applicationsOf` for one at hand. */
function isTheirs(ticket: TicketRow, row: ApplicationsTable): boolean {
  if (row.id === ticket.application) return true;
  return row.account === ticket.account && row.organisation === ticket.organisation;
}

function applicationsOf({ build, all }: Database, ticket: TicketRow): ApplicationsTable[] {
  const rows = () => build.selectFrom('applications').selectAll();
  const { account, organisation, application } = ticket;
  const named = application === null ? [] : all(rows().where('id', '=', application));
  if (account === null) return named;
  const own = rows().where('account', '=', account);
  const theirs =
    organisation === null
      ? own.where('organisation', 'is', null)
      : own.where('organisation', '=', organisation);
  const newest = all(theirs.orderBy('id', 'desc').limit(SUBJECT_APPLICATIONS_MAX));
  return [...named, ...newest.filter(({ id }) => id !== application)];
}

function shownApplication(row: ApplicationsTable): DeskSubject['applications'][number] {
  return {
    id: row.id,
    model: row.model,
    title: row.title,
    status: row.status,
    clickDay: row.click_day,
    office: row.office,
    protocol: row.protocol,
    stamp: row.stamp_us === null ? null : isoFromUs(row.stamp_us),
    hasReceipt: row.receipt_at_us !== null,
  };
}

function accountOf(database: Database, ticket: TicketRow): DeskSubject['account'] {
  const row = ticket.account === null ? undefined : accountStore(database).byId(ticket.account);
  if (row === undefined) return null;
  const bodies = organisationNames(database, [row.organisation]);
  return {
    id: row.id,
    name: nameOf(row),
    email: row.email,
    taxCode: row.codice_fiscale,
    organisation: bodies.get(row.organisation ?? '') ?? row.office,
    createdAt: isoFromUs(row.created_at_us),
  };
}

function otherTickets({ build, all }: Database, ticket: TicketRow): DeskSubject['otherTickets'] {
  if (ticket.account === null) return [];
  return all(
    build
      .selectFrom('tickets')
      .select(['id', 'number', 'subject'])
      .where('account', '=', ticket.account)
      .where('id', '!=', ticket.id)
      .orderBy('id', 'desc')
      .limit(SUBJECT_TICKETS_MAX),
  );
}
