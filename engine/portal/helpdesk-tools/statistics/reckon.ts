/**
 * The statistics, read a page of rows at a time: runs in a thread, since half a million tickets
 * take seconds. `byKind` and the others, the times and the reopened are of the tickets that came
 * in the period; `closed` of those that were closed in it; `open` is now.
 *
 * Times are working minutes. That of a solution is how long its clock ran: the target, less what
 * was left when it was solved (or more what was over): waiting for the user is not in it.
 */
import type { DeskStatistics } from '#protocol/desk-tools-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { DatabaseReader, Value } from '../../../store/database/index.ts';
import { targetsOf } from '../hours/clocks.ts';
import { MINUTE_US } from '../hours/rome-days.ts';
import { createWorkingTime, type WorkingTime } from '../hours/working-time.ts';
import type { StatisticsQuestion } from './question.ts';

const PAGE = 20_000;
const HOUR_US = 3_600_000_000;
/** Ages of open tickets, in hours; the last group is the rest. */
const AGES = [1, 4, 24, 72, 168] as const;

const OPEN = `SELECT created_at_us, id FROM tickets
  WHERE side = ? AND id > ? ORDER BY id LIMIT ${PAGE}`;
const CAME = `SELECT created_at_us, rowid, kind, channel, language, status, first_response_at_us,
    first_response_due_us, solution_due_us, answered_at_us, closed_at_us, reopened
  FROM tickets
  WHERE created_at_us < ?1 AND (created_at_us, rowid) > (?2, ?3)
  ORDER BY created_at_us, rowid LIMIT ${PAGE}`;
const CLOSED = `SELECT closed_at_us, rowid FROM tickets
  WHERE closed_at_us < ?1 AND (closed_at_us, rowid) > (?2, ?3)
  ORDER BY closed_at_us, rowid LIMIT ${PAGE}`;

/** Answers a question from what the reader sees at this moment. */
export function reckonStatistics(
  reader: DatabaseReader,
  question: StatisticsQuestion,
): DeskStatistics {
  return reader.atOnce(() => {
    const ages = openAges(reader, question.nowUs);
    const came = readCame(reader, question);
    return {
      open: ages.reduce((sum, count) => sum + count, 0),
      openByAge: ages.map((count, at) => ({ hoursUnder: AGES[at] ?? null, count })),
      byKind: came.byKind,
      byChannel: came.byChannel,
      byLanguage: came.byLanguage,
      opened: piecesOf(question, came.counts),
      closed: piecesOf(question, readClosed(reader, question)),
      firstResponseMinutes: came.firstResponse.shares(),
      solutionMinutes: came.solution.shares(),
      reopened: came.reopened,
    };
  });
}

function openAges(reader: DatabaseReader, nowUs: number): number[] {
  const counts = Array<number>(AGES.length + 1).fill(0);
  for (const side of ['desk', 'user']) {
    let cursor: Value = '';
    for (;;) {
      const rows = reader.rows(OPEN, [side, cursor]);
      for (const [createdUs] of rows) {
        const hours = (nowUs - Number(createdUs)) / HOUR_US;
        const at = AGES.findIndex((under) => hours < under);
        counts[at === -1 ? AGES.length : at]! += 1;
      }
      if (rows.length < PAGE) break;
      cursor = rows.at(-1)?.[1] ?? '';
    }
  }
  return counts;
}

/** Every row between the first and the last edge, in the order of the first column. */
function* rowsOf(reader: DatabaseReader, sql: string, { edgesUs }: StatisticsQuestion) {
  const untilUs = edgesUs.at(-1) ?? 0;
  let [atUs, rowid]: [Value, Value] = [(edgesUs[0] ?? 0) - 1, Number.MAX_SAFE_INTEGER];
  for (;;) {
    const rows = reader.rows(sql, [untilUs, atUs, rowid]);
    yield* rows;
    if (rows.length < PAGE) return;
    [atUs, rowid] = [rows.at(-1)?.[0] ?? 0, rows.at(-1)?.[1] ?? 0];
  }
}

function readClosed(reader: DatabaseReader, question: StatisticsQuestion): number[] {
  const counter = pieceCounter(question.edgesUs);
  for (const [closedUs] of rowsOf(reader, CLOSED, question)) counter.count(Number(closedUs));
  return counter.counts;
}

function readCame(reader: DatabaseReader, question: StatisticsQuestion) {
  const time = createWorkingTime(question.hours);
  const counter = pieceCounter(question.edgesUs);
  const byKind: Record<string, number> = {};
  const byChannel: Record<string, number> = {};
  const byLanguage: Record<string, number> = {};
  const [firstResponse, solution] = [timesTaken(), timesTaken()];
  let reopened = 0;
  for (const row of rowsOf(reader, CAME, question)) {
    const ticket = ticketOf(row);
    counter.count(ticket.createdUs);
    byKind[ticket.kind] = (byKind[ticket.kind] ?? 0) + 1;
    byChannel[ticket.channel] = (byChannel[ticket.channel] ?? 0) + 1;
    byLanguage[ticket.language] = (byLanguage[ticket.language] ?? 0) + 1;
    reopened += ticket.reopened;
    noteFirstResponse(firstResponse, ticket, { time, nowUs: question.nowUs });
    noteSolution(solution, ticket, { time, question });
  }
  const { counts } = counter;
  return { counts, byKind, byChannel, byLanguage, firstResponse, solution, reopened };
}

type CameTicket = ReturnType<typeof ticketOf>;

const whenOf = (value: Value | undefined) => (typeof value === 'number' ? value : null);

function ticketOf(row: readonly Value[]) {
  const [createdUs, , kind, channel, language, status, firstUs, firstDueUs, dueUs] = row;
  return {
    createdUs: Number(createdUs),
    kind: String(kind),
    channel: String(channel),
    language: String(language),
    status: String(status),
    firstUs: whenOf(firstUs),
    firstDueUs: whenOf(firstDueUs),
    dueUs: whenOf(dueUs),
    answeredUs: whenOf(row[9]),
    closedUs: whenOf(row[10]),
    reopened: Number(row[11]),
  };
}

function noteFirstResponse(
  taken: TimesTaken,
  { createdUs, firstUs, firstDueUs, status }: CameTicket,
  { time, nowUs }: { time: WorkingTime; nowUs: number },
): void {
  if (firstUs !== null) {
    taken.note(time.between(createdUs, firstUs), firstDueUs === null || firstUs < firstDueUs);
  } else if (!OVER.has(status) && firstDueUs !== null && firstDueUs <= nowUs) taken.noteLate();
}

function noteSolution(
  taken: TimesTaken,
  ticket: CameTicket,
  { time, question }: { time: WorkingTime; question: StatisticsQuestion },
): void {
  const { dueUs, status } = ticket;
  if (dueUs === null || status === 'merged') return;
  const atUs = SOLVED.has(status) ? (ticket.answeredUs ?? ticket.closedUs) : null;
  if (atUs !== null) {
    const { solutionUs } = targetsOf(question.hours, ticket.kind);
    const leftUs = time.between(atUs, dueUs) - time.between(dueUs, atUs);
    taken.note(Math.max(0, solutionUs - leftUs), atUs < dueUs);
  } else if (status !== 'waiting' && dueUs <= question.nowUs) taken.noteLate();
}

const OVER = new Set(['closed', 'merged']);
const SOLVED = new Set(['answered', 'closed']);

type TimesTaken = ReturnType<typeof timesTaken>;

/** Of tickets whose outcome is known: done, or already too late. */
function timesTaken() {
  const tookUs: number[] = [];
  let [inTime, late] = [0, 0];
  return {
    note: (us: number, isInTime: boolean) => {
      tookUs.push(us);
      if (isInTime) inTime += 1;
      else late += 1;
    },
    noteLate: () => {
      late += 1;
    },
    shares: () => {
      const sorted = Float64Array.from(tookUs).sort();
      const known = inTime + late;
      return {
        p50: quantile(sorted, 0.5),
        p90: quantile(sorted, 0.9),
        withinTarget: known === 0 ? null : inTime / known,
      };
    },
  };
}

/** The smallest value that so large a share does not exceed, in minutes. */
function quantile(sorted: Float64Array, share: number): number | null {
  const us = sorted[Math.ceil(sorted.length * share) - 1];
  return us === undefined ? null : Math.round((us / MINUTE_US) * 10) / 10;
}

/** Counts instants by the piece they lie in; they must come in their order. */
function pieceCounter(edgesUs: readonly number[]) {
  const counts = Array<number>(Math.max(0, edgesUs.length - 1)).fill(0);
  let at = 0;
  return {
    counts,
    count: (us: number) => {
      while (at < counts.length - 1 && us >= (edgesUs[at + 1] ?? 0)) at += 1;
      counts[at]! += 1;
    },
  };
}

function piecesOf({ edgesUs }: StatisticsQuestion, counts: readonly number[]) {
  return counts.map((count, at) => ({ at: isoFromUs(edgesUs[at] ?? 0), count }));
}
