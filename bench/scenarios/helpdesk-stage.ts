/**
 * A help desk after a busy year: half a million tickets with their messages, events and mails,
 * written into the database by SQL before anything serves it. Its triggers run as they do in life,
 * so counts and the index of words are what a portal would have made.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Shares of a ticket's states, mostly over, as on any desk; spread over each account's. */
const SHARE = '(n / 37) % 100';
const STATUS = `CASE
  WHEN ${SHARE} < 88 THEN 'closed' WHEN ${SHARE} < 90 THEN 'answered'
  WHEN ${SHARE} < 92 THEN 'waiting' WHEN ${SHARE} < 97 THEN 'accepted'
  WHEN ${SHARE} < 99 THEN 'in-charge' ELSE 'analysis' END`;
const DAY_US = 86_400_000_000;
const YEAR_DAYS = 300;
const OPERATORS = 40;
const PIECE = 100_000;
/** More than the index has. */
const ALL_PAGES = 10_000_000;

/** Writes `count` tickets; `nowUs` is where they end. */
export function writeTickets(data: string, { count, nowUs }: { count: number; nowUs: number }) {
  const database = new DatabaseSync(join(data, 'portal', 'clickday.sqlite'));
  try {
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000',
    );
    database.exec(`CREATE TEMP TABLE people AS
      SELECT row_number() OVER () - 1 AS at, id, email FROM accounts WHERE role = 'applicant'`);
    database.exec('CREATE UNIQUE INDEX temp.people_by_at ON people (at)');
    const stepUs = Math.floor((YEAR_DAYS * DAY_US) / count);
    for (let from = 0; from < count; from += PIECE) {
      writePiece(database, { from, to: Math.min(count, from + PIECE), stepUs, count, nowUs });
    }
    // As a portal leaves it, which merges a little with every few rows.
    database.exec(`INSERT INTO ticket_text (ticket_text, rank) VALUES ('merge', ${ALL_PAGES})`);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly stepUs: number;
  readonly count: number;
  readonly nowUs: number;
}

function writePiece(database: DatabaseSync, { from, to, stepUs, count, nowUs }: Piece): void {
  database.exec('BEGIN');
  database.exec(`CREATE TEMP TABLE piece AS
    WITH RECURSIVE numbers (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM numbers
      WHERE n + 1 < ${to})
    SELECT n, printf('01J%023d', n) AS id, ${nowUs} - (${count} - n) * ${stepUs} AS at_us,
      ${STATUS} AS status,
      CASE WHEN n % 5 = 0 THEN 'en' ELSE 'it' END AS language,
      CASE n % 7 WHEN 0 THEN 'legal' WHEN 1 THEN 'functional' WHEN 2 THEN 'functional'
        ELSE 'technical' END AS kind,
      people.id AS account, people.email AS email
    FROM numbers JOIN people ON people.at = n % (SELECT count(*) FROM people)`);
  database.exec(`INSERT INTO tickets (id, number, version, account, contact_name, channel, kind,
      status, language, subject, assignee, is_escalated, created_at_us, updated_at_us,
      accepted_at_us, first_response_at_us, first_response_due_us, solution_due_us, closed_at_us,
      closed_by, reopened)
    SELECT id, printf('%04d-%04d', n / 10000, n % 10000), 4, account,
      'Persona ' || (n % 9973), CASE WHEN n % 50 = 0 THEN 'phone' WHEN n % 20 = 1 THEN 'mail'
        ELSE 'form' END, kind, status, language,
      'Domanda ' || (n % 1009) || ' sulla ' || CASE n % 3 WHEN 0 THEN 'ricevuta' WHEN 1 THEN 'firma'
        ELSE 'pagina bianca' END,
      CASE WHEN status IN ('accepted') THEN NULL ELSE (SELECT id FROM people
        WHERE people.at = piece.n % ${OPERATORS}) END,
      n % 500 = 99, at_us, at_us + 3600000000, at_us,
      CASE WHEN status = 'accepted' THEN NULL ELSE at_us + 1800000000 END,
      at_us + 14400000000, at_us + 172800000000,
      CASE WHEN status = 'closed' THEN at_us + 3600000000 END,
      CASE WHEN status = 'closed' THEN 'time' END, 0 FROM piece`);
  database.exec(`INSERT INTO ticket_messages (id, ticket, author, author_kind, visibility, channel,
      text, at_us)
    SELECT printf('01J%022dA', n), id, account, 'user', 'public', 'form',
      'Buongiorno, dopo l’invio la pagina resta bianca e la ricevuta non arriva. Caso ' || n
        || ', errore ' || (n % 4001) || ' del browser.', at_us FROM piece`);
  database.exec(`INSERT INTO ticket_messages (id, ticket, author_kind, visibility, channel, text,
      at_us)
    SELECT printf('01J%022dB', n), id, 'desk', 'public', 'form',
      'Gentile utente, la ricevuta si scarica dalla pagina della domanda. Saluti.',
      at_us + 1800000000 FROM piece WHERE status IN ('closed', 'answered', 'waiting')`);
  for (const kind of ['received', 'accepted']) {
    database.exec(`INSERT INTO ticket_events (id, ticket, at_us, by, kind, detail_json)
      SELECT printf('01J%020d${kind === 'received' ? 'EA' : 'EB'}0', n), id, at_us, 'user',
        '${kind}', '{}' FROM piece`);
  }
  database.exec(`INSERT INTO mails (id, recipient, subject, text, status, attempts, next_attempt_us,
      created_at_us, sent_at_us)
    SELECT printf('01J%022dM', n), email,
      '[#' || printf('%04d-%04d', n / 10000, n % 10000) || '] Sent', '',
      'sent', 0, at_us, at_us, at_us FROM piece`);
  database.exec('DROP TABLE piece; COMMIT');
}

export interface Kept {
  /** Tickets by id that are not there exactly once, or whose number differs. */
  readonly wrongTickets: number;
  /** Tickets that do not have exactly one mail of acceptance in the outbox. */
  readonly wrongMails: number;
}

/** Looks for what was answered with 201; nothing serves the directory any more. */
export function lookFor(
  data: string,
  opened: readonly { readonly id: string; readonly number: string | null }[],
): Kept {
  const path = join(data, 'portal', 'clickday.sqlite');
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const ticket = database.prepare('SELECT number FROM tickets WHERE id = ?');
    const messages = database.prepare('SELECT count(*) AS n FROM ticket_messages WHERE ticket = ?');
    const mails = new Map<string, number>();
    const newest = `SELECT subject FROM mails WHERE id > '01JZ'`;
    for (const { subject } of database.prepare(newest).iterate() as Iterable<{ subject: string }>) {
      const number = /^\[#([^\]]+)\]/.exec(subject)?.[1] ?? '';
      mails.set(number, (mails.get(number) ?? 0) + 1);
    }
    const isWrong = ({ id, number }: (typeof opened)[number]) => {
      const row = ticket.get(id) as { number: string } | undefined;
      const said = messages.get(id) as { n: number };
      return row === undefined || row.number !== number || said.n !== 1;
    };
    const ids = new Set(opened.map(({ id }) => id));
    return {
      wrongTickets: opened.filter(isWrong).length + (opened.length - ids.size),
      wrongMails: opened.filter(({ number }) => mails.get(number ?? '') !== 1).length,
    };
  } finally {
    database.close();
  }
}
