/** The tables of the help desk; the text that makes them is in `steps/helpdesk.ts`. */
import type { Generated, GeneratedAlways, Selectable } from 'kysely';

/** A request for help, from its arrival to its close. */
export interface TicketsTable {
  id: string;
  /** For people; null until it is accepted. */
  number: string | null;
  /** Rises with each change. */
  version: number;
  /** Whose it is; null for a caller or a sender of mail without an account. */
  account: string | null;
  organisation: string | null;
  /** Of an account of an office: the office, whose accounts all reach it. */
  office: string | null;
  contact_name: string;
  contact_email: string | null;
  contact_phone: string | null;
  channel: string;
  kind: string;
  status: string;
  language: string;
  subject: string;
  team: string | null;
  assignee: string | null;
  is_escalated: number;
  incident: string | null;
  merged_into: string | null;
  application: string | null;
  created_at_us: number;
  updated_at_us: number;
  accepted_at_us: number | null;
  first_response_at_us: number | null;
  first_response_due_us: number | null;
  solution_due_us: number | null;
  /** Since when it waits for the user: the clock of the solution stands still. */
  waiting_since_us: number | null;
  answered_at_us: number | null;
  closed_at_us: number | null;
  closed_by: string | null;
  /** How often. */
  reopened: number;
  /** It is in no queue of the desk before; null when it is not postponed. */
  postponed_until_us: number | null;
}

/** Words of the desk's own on a ticket. */
export interface TicketTagsTable {
  tag: string;
  ticket: string;
}

/** Who is to look at a ticket, and has not yet. */
export interface TicketMentionsTable {
  account: string;
  ticket: string;
  at_us: number;
}

export interface TicketMessagesTable {
  /** Rises with each; given by the database. */
  n: Generated<number>;
  id: string;
  ticket: string;
  author: string | null;
  author_kind: string;
  visibility: string;
  channel: string;
  text: string;
  at_us: number;
}

/** Only grows. `kind`: a status it came to, or assigned, handed-over, escalated, split, … */
export interface TicketEventsTable {
  id: string;
  ticket: string;
  at_us: number;
  account: string | null;
  by: string;
  kind: string;
  detail_json: string;
}

export interface TicketAttachmentsTable {
  id: string;
  ticket: string;
  message: string;
  /** Who added it. */
  account: string | null;
  name: string;
  type: string;
  bytes: number;
  sha256: string;
  added_at_us: number;
  removed_at_us: number | null;
}

/** What the database makes of a ticket by itself. */
export interface TicketsMade {
  /** Whose move it is. */
  side: GeneratedAlways<'desk' | 'user' | 'over'>;
  /** When the next promise that runs is broken; very late without one. */
  due_us: GeneratedAlways<number>;
}

/** How many tickets there are of each sort; '' for no team, nobody. Kept by triggers. */
export interface TicketCountsTable {
  side: string;
  kind: string;
  language: string;
  team: string;
  assignee: string;
  count: number;
}

/** Accounts numbered, for the full text of their names. */
export interface CallersTable {
  n: Generated<number>;
  account: string;
}

export interface HelpdeskTables {
  callers: CallersTable;
  tickets: TicketsTable & TicketsMade;
  ticket_counts: TicketCountsTable;
  ticket_messages: TicketMessagesTable;
  ticket_events: TicketEventsTable;
  ticket_attachments: TicketAttachmentsTable;
  ticket_tags: TicketTagsTable;
  ticket_mentions: TicketMentionsTable;
}

export type TicketRow = Selectable<TicketsTable & TicketsMade>;
export type TicketMessageRow = Selectable<TicketMessagesTable>;
