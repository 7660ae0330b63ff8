/**
 * Every letter of the help desk, and the one function that sends them: plain text, in the language
 * of who asked, with `[#NUMBER]` in its subject so that an answer finds its way back. A letter
 * joins the transaction of what it tells. Of a ticket it carries what an operator wrote to the
 * user, never a note, and never what the user wrote.
 */
import { ANSWER_ABOVE, type Letter, type MailRoom } from '../../mail/index.ts';
import type { AccountsTable, Database, TicketRow } from '../../store/database/index.ts';
import { letterIn } from '../accounts/letter.ts';
import { accountStore, isActive } from '../accounts/store.ts';
import { Refusal } from '../http/refusal.ts';

export type LetterKind = 'accepted' | 'asked' | 'answered' | 'message' | 'closed' | 'reopened';

/** What makes an answer by mail find its ticket: reply address, ids; nothing without such mail. */
export type Threading = (ticket: TicketRow, kind: LetterKind) => Letter['threading'];

export interface LetterParts {
  readonly database: Database;
  readonly mail: Pick<MailRoom, 'enqueue'>;
  readonly publicUrl: () => string;
  readonly threading: Threading;
}

export interface Letters {
  /**
   * Puts a letter to who asked into the outbox; nothing is sent to somebody without an address.
   * Refuses BUSY when the outbox is full.
   */
  send(ticket: TicketRow, kind: LetterKind, text?: string): void;
  /** The same, but false when the outbox is full. */
  trySend(ticket: TicketRow, kind: LetterKind, text?: string): boolean;
}

const RETRY_AFTER_MS = 60_000;

export function createLetters(parts: LetterParts): Letters {
  const trySend = (ticket: TicketRow, kind: LetterKind, text?: string) => {
    const to = addresseeOf(parts.database, ticket);
    if (to === undefined) return true;
    const link = ticket.account === null ? null : `${parts.publicUrl()}/help/requests/${ticket.id}`;
    const letter = letterOf(to, { ticket, kind, text, link });
    return parts.mail.enqueue(threaded(letter, parts.threading(ticket, kind))) !== null;
  };
  return {
    trySend,
    send: (ticket, kind, text) => {
      if (!trySend(ticket, kind, text)) throw new Refusal('BUSY', { retryAfterMs: RETRY_AFTER_MS });
    },
  };
}

/** Where an answer is read, the first line says where to write it. */
function threaded(letter: Letter, threading: Letter['threading']): Letter {
  if (threading?.replyTo === undefined) return letter;
  return { ...letter, text: `${ANSWER_ABOVE}\n\n${letter.text}`, threading };
}

interface Addressee {
  readonly email: string;
  readonly language: string;
  readonly given_name?: string;
}

/** Where letters about it go: the account as it is now, or who asked by telephone or mail. */
export function addresseeOf(database: Database, ticket: TicketRow): Addressee | undefined {
  const { account, contact_email: email, language } = ticket;
  const row = account === null ? undefined : accountStore(database).byId(account);
  if (row !== undefined && isMailed(row)) return row;
  return row !== undefined || email === null ? undefined : { email, language };
}

/** An account that is shut, or left behind without a name, is written to no more. */
function isMailed(row: AccountsTable): boolean {
  return isActive(row);
}

interface Told {
  readonly ticket: TicketRow;
  readonly kind: LetterKind;
  readonly text: string | undefined;
  readonly link: string | null;
}

interface Sentences {
  readonly about: string;
  readonly opening: string;
  readonly closing: string;
}

function letterOf(to: Addressee, { ticket, kind, text, link }: Told): Letter {
  const number = ticket.number ?? '';
  const write = (words: Sentences, linked: string) =>
    [
      `[#${number}] ${words.about}: ${ticket.subject}`,
      words.opening,
      ...(text === undefined ? [] : [quoted(text)]),
      ...(words.closing === '' ? [] : [words.closing]),
      ...(link === null ? [] : [`${linked}\n   ${link}`]),
    ] as [string, ...string[]];
  return letterIn(to, {
    it: write(italian(kind, number), 'La richiesta si trova qui:'),
    en: write(english(kind, number), 'The request is here:'),
  });
}

/** As it was written, set in: mail programs leave such lines as they are. */
function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `   ${line}`))
    .join('\n');
}

function italian(kind: LetterKind, number: string): Sentences {
  const words: Record<LetterKind, Sentences> = {
    accepted: {
      about: 'Richiesta accettata',
      opening: `la tua richiesta di assistenza è stata accettata con il numero ${number}.`,
      closing: 'Ti scriveremo quando ci sarà una risposta. Al telefono, indica questo numero.',
    },
    asked: {
      about: 'Servono informazioni',
      opening: `per proseguire con la richiesta ${number} ci serve un’informazione da te:`,
      closing: 'La richiesta resta in attesa della tua risposta.',
    },
    answered: {
      about: 'Risposta',
      opening: `ecco la risposta alla tua richiesta ${number}:`,
      closing: 'Se non basta, scrivici ancora nella stessa richiesta; altrimenti puoi chiuderla.',
    },
    message: {
      about: 'Messaggio',
      opening: `c’è un messaggio sulla tua richiesta ${number}:`,
      closing: '',
    },
    closed: {
      about: 'Richiesta chiusa',
      opening: `la tua richiesta ${number} è stata chiusa.`,
      closing: 'Se il problema non è risolto, puoi riaprirla.',
    },
    reopened: {
      about: 'Richiesta riaperta',
      opening: `la tua richiesta ${number} è stata riaperta: ce ne occupiamo di nuovo.`,
      closing: '',
    },
  };
  return words[kind];
}

function english(kind: LetterKind, number: string): Sentences {
  const words: Record<LetterKind, Sentences> = {
    accepted: {
      about: 'Request accepted',
      opening: `your request for help has been accepted under the number ${number}.`,
      closing: 'We shall write when there is an answer. On the telephone, give this number.',
    },
    asked: {
      about: 'Information needed',
      opening: `to go on with request ${number} we need something from you:`,
      closing: 'The request waits for your answer.',
    },
    answered: {
      about: 'Answer',
      opening: `here is the answer to your request ${number}:`,
      closing:
        'If it does not suffice, write again in the same request; otherwise you can close it.',
    },
    message: {
      about: 'Message',
      opening: `there is a message about your request ${number}:`,
      closing: '',
    },
    closed: {
      about: 'Request closed',
      opening: `your request ${number} has been closed.`,
      closing: 'If the matter is not solved, you can reopen it.',
    },
    reopened: {
      about: 'Request reopened',
      opening: `your request ${number} has been reopened: we are looking at it again.`,
      closing: '',
    },
  };
  return words[kind];
}
