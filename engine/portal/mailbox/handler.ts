/**
 * What becomes of a mail to the help desk. All it moves, and that it did, stand in one transaction;
 * its files are added then, and only what they lack after a crash.
 *
 *   not delivered (a report) with proof ─► noted in its ticket
 *   a robot, a list, ourselves          ─► nothing
 *   proof and sender fit                ─► the user's message: reopens what is closed
 *   proof without sender, or a number   ─► "unverified": operators see it, nobody is told
 *   neither                             ─► a new ticket
 *
 * Who sent it hears the same from us whatever became of it, so nothing can be found out by mails;
 * a forged one moves nothing. How much one address and one ticket may cause in an hour is bounded.
 * So is how many tickets all mails together open: a storm has many addresses. What is beyond waits
 * in the spool, which refuses more when it is full; nothing of it is lost.
 */
import { TICKET_SUBJECT_LENGTH_MAX, TICKET_TEXT_LENGTH_MAX } from '#protocol/helpdesk-api.ts';
import {
  HELD,
  type IncomingRow,
  isForDesk,
  NotYet,
  type ParsedMail,
  type Spool,
} from '../../mail/index.ts';
import type { Database, TicketRow } from '../../store/database/index.ts';
import { accountStore, isActive } from '../accounts/store.ts';
import {
  type Actor,
  addresseeOf,
  type Helpdesk,
  nameOf,
  tidyLine,
  tidyText,
} from '../helpdesk/index.ts';
import { ownerColumns } from '../helpdesk/reach.ts';
import { ticketStore } from '../helpdesk/store.ts';
import { isAuthentic } from './authentication.ts';
import { addFiles } from './files.ts';
import type { Threads } from './threads.ts';
import { turnUs } from './turn.ts';

export interface HandlerParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly spool: Spool;
  readonly threads: Threads;
  readonly helpdesk: Pick<Helpdesk, 'actions' | 'changes' | 'attachments'>;
  readonly deskAddress: string;
  /** Address that our mails are from. */
  readonly ownAddress: string;
  readonly authserv: string;
  readonly limits: MailLimits;
}

/** In an hour. */
export interface MailLimits {
  readonly mailsOfAddress: number;
  readonly mailsOfTicket: number;
  readonly ticketsOfAddress: number;
  /** Of all addresses together. */
  readonly ticketsOfAll: number;
}

/** What was done: a word for the row, and the ticket. */
interface Done {
  readonly status: 'handled' | 'ignored';
  readonly outcome: string;
  readonly ticket?: string;
  readonly message?: string;
}

const HOUR_US = 3_600_000_000;
const SENDER: Actor = { by: 'user', account: null };
const NOBODY: Actor = { by: 'time', account: null };

const ignored = (outcome: string): Done => ({ status: 'ignored', outcome });

export function createMailHandler(parts: HandlerParts) {
  const { database, spool } = parts;
  return async (mail: ParsedMail, row: IncomingRow): Promise<void> => {
    const done = row.message === null ? begin(parts, mail, row) : doneBefore(row);
    if (done.message === undefined) return;
    const refused = await addFiles(parts, done.message, mail.attachments);
    database.transaction(() => {
      noteMissing(parts, done, { mail, refused });
      spool.conclude(row.id, { status: 'handled', outcome: done.outcome });
    });
  };
}

/** The message with all it moves; its files follow, again if a crash comes between. */
function begin(parts: HandlerParts, mail: ParsedMail, row: IncomingRow): Done {
  const { database, spool } = parts;
  const identity = identityOf(mail);
  return database.transaction(() => {
    const isKnown = spool.isKnown(identity);
    const isInLine = row.outcome === HELD;
    const done = isKnown ? ignored('again') : doneWith(parts, mail, isInLine);
    const status = done.message === undefined ? done.status : 'waiting';
    const about = { sender: mail.from?.address ?? '', ...(!isKnown && { identity }) };
    spool.conclude(row.id, { ...done, ...about, status });
    return done;
  });
}

function doneBefore({ outcome, ticket, message }: IncomingRow): Done {
  const words = { status: 'handled', outcome: outcome ?? '' } as const;
  return { ...words, ...(ticket !== null && { ticket }), ...(message !== null && { message }) };
}

/** The same Message-ID of the same sender is the same mail; without one, the same bytes are. */
function identityOf({ messageId, from, sha256 }: ParsedMail): string {
  return messageId === null ? sha256 : `${from?.address ?? ''} ${messageId}`;
}

function ignoredFor(parts: HandlerParts, mail: ParsedMail): string | undefined {
  const { spool, deskAddress, ownAddress, limits, clock } = parts;
  if (mail.nature !== 'person') return mail.nature;
  if (mail.from === null) return 'no-sender';
  const sender = mail.from.address;
  if (isForDesk(sender, deskAddress) || sender === ownAddress) return 'loop';
  const count = spool.handledSince({ sender }, clock.nowUs() - HOUR_US);
  return count >= limits.mailsOfAddress ? 'too-many' : undefined;
}

function doneWith(parts: HandlerParts, mail: ParsedMail, isInLine: boolean): Done {
  const { threads, spool, clock, limits } = parts;
  if (mail.nature === 'bounce' || mail.nature === 'delayed') return bounced(parts, mail);
  const why = ignoredFor(parts, mail);
  if (why !== undefined) return ignored(why);
  const proven = threads.proven(mail);
  const ticket = proven ?? threads.named(mail);
  if (ticket === undefined) return opened(parts, mail, isInLine);
  const count = spool.handledSince({ ticket: ticket.id }, clock.nowUs() - HOUR_US);
  if (count >= limits.mailsOfTicket) return ignored('too-many');
  const isTheirs = addresseeOf(parts.database, ticket)?.email === mail.from?.address;
  const isProven = proven !== undefined && isTheirs;
  return isProven ? answered(parts, ticket, mail) : doubted(parts, ticket, mail);
}

/** A mail of ours came back, or is still on its way. */
function bounced({ threads, helpdesk }: HandlerParts, mail: ParsedMail): Done {
  const ticket = threads.proven(mail);
  if (ticket === undefined) return ignored(mail.nature);
  const kind = mail.nature === 'bounce' ? 'mail-bounced' : 'mail-delayed';
  helpdesk.changes.change(ticket, {}, { ...NOBODY, kind });
  return { status: 'handled', outcome: mail.nature, ticket: ticket.id };
}

function answered(parts: HandlerParts, ticket: TicketRow, mail: ParsedMail): Done {
  const { helpdesk, threads, database } = parts;
  const action = ticket.status === 'closed' ? 'reopen' : 'give';
  const actor: Actor = { by: 'user', account: ticket.account };
  const step = { action, actor, channel: 'mail', text: textOf(mail) } as const;
  threads.answering(mail, () => helpdesk.actions.act(ticket, step));
  const message = newestMessage(database, ticket.id);
  return { status: 'handled', outcome: action, ticket: ticket.id, message };
}

/** Nothing moves by it and nobody is told: operators read it and know that it may be forged. */
function doubted(parts: HandlerParts, ticket: TicketRow, mail: ParsedMail): Done {
  const { changes } = parts.helpdesk;
  const { id: message } = changes.say(ticket, {
    ...({ author: null, authorKind: 'user', visibility: 'unverified', channel: 'mail' } as const),
    text: `${mail.from?.name ?? ''} <${mail.from?.address ?? ''}>\n\n${textOf(mail)}`.trim(),
  });
  changes.change(ticket, {}, { ...SENDER, kind: 'unverified' });
  return { status: 'handled', outcome: 'unverified', ticket: ticket.id, message };
}

function opened(parts: HandlerParts, mail: ParsedMail, isInLine: boolean): Done {
  const { spool, clock, limits, helpdesk, threads, database } = parts;
  const sender = mail.from?.address ?? '';
  const since = clock.nowUs() - HOUR_US;
  const count = spool.handledSince({ sender, outcome: 'opened' }, since);
  if (count >= limits.ticketsOfAddress) return ignored('too-many');
  const most = limits.ticketsOfAll;
  const untilUs = turnUs(spool, { most, isInLine, nowUs: clock.nowUs() });
  if (untilUs !== undefined) throw new NotYet(untilUs);
  const owner = provenOwner(parts, mail);
  const isEnglish = mail.language === 'en';
  const subject = tidyLine(mail.subject).slice(0, TICKET_SUBJECT_LENGTH_MAX).toWellFormed();
  const draft = {
    ...owner,
    ...{ contact_phone: null, channel: 'mail', kind: 'functional', application: null },
    language: mail.language,
    subject: subject.length >= 3 ? subject : isEnglish ? 'No subject' : 'Senza oggetto',
  };
  const actor = { by: 'user', account: owner.account } as const;
  const ticket = threads.answering(mail, () => helpdesk.actions.open(draft, textOf(mail), actor));
  const message = newestMessage(database, ticket.id);
  return { status: 'handled', outcome: 'opened', ticket: ticket.id, message };
}

/** The account with that address when it is proven, else nobody's: answers go to the address. */
function provenOwner({ database, authserv }: HandlerParts, { from, authentication }: ParsedMail) {
  const address = from?.address ?? '';
  const nobody = {
    ...{ account: null, organisation: null, office: null },
    ...{ contact_name: tidyLine(from?.name ?? '') || address, contact_email: address },
  };
  if (!isAuthentic(authentication, { address, authserv })) return nobody;
  const account = accountStore(database).byEmail(address);
  const mayAsk = account !== undefined && isActive(account) && account.role !== 'operator';
  if (!mayAsk || account.role === 'admin' || account.member_role === 'reader') return nobody;
  const names = { account: account.id, contact_name: nameOf(account), contact_email: null };
  return { ...names, ...ownerColumns(account) };
}

/** Tells the operators what of the mail is not in its ticket. */
function noteMissing(
  { helpdesk, database }: HandlerParts,
  { ticket: id = '' }: Done,
  { mail, refused }: { mail: ParsedMail; refused: readonly string[] },
): void {
  const { whole, text, attachmentsBeyond } = mail;
  const isCut = (text || whole).length > TICKET_TEXT_LENGTH_MAX - TEXT_ROOM;
  const lines = [
    ...refused.map((line) => `✗ ${line}`),
    ...(attachmentsBeyond > 0 ? [`✗ + ${attachmentsBeyond}`] : []),
    ...(isCut ? ['✂ testo troppo lungo, tagliato / text too long, cut'] : []),
  ];
  const ticket = ticketStore(database).byId(id);
  if (lines.length === 0 || ticket === undefined) return;
  helpdesk.changes.say(ticket, {
    ...({ author: null, authorKind: 'system', visibility: 'internal', channel: 'mail' } as const),
    text: lines.join('\n').slice(0, TICKET_TEXT_LENGTH_MAX).toWellFormed(),
  });
}

/** Of the line with the sender, where it is not proven. */
const TEXT_ROOM = 500;

function textOf({ text, whole, language }: ParsedMail): string {
  const said = (text || whole).slice(0, TICKET_TEXT_LENGTH_MAX - TEXT_ROOM).toWellFormed();
  return tidyText(said.trim() === '' ? (language === 'en' ? '(empty)' : '(vuota)') : said);
}

function newestMessage({ build, first }: Database, ticket: string): string {
  const newest = build
    .selectFrom('ticket_messages')
    .select('id')
    .where('ticket', '=', ticket)
    .orderBy('id', 'desc')
    .limit(1);
  return first(newest)?.id ?? '';
}
