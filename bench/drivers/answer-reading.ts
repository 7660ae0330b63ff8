/**
 * Reading a thread's journal after the run: the text of each answer becomes a row of numbers,
 * joined with the submission it answers.
 *
 * An answer that names no submission of its thread (the bare echo's constant) is timed by its turn:
 * the n-th answer of a connection answers its n-th submission.
 */
import type { AnswerJournal } from '#bench/drivers/answer-journal.ts';
import {
  ACCEPTED,
  type Answers,
  DUPLICATE,
  emptyAnswers,
  FIRST_OUTCOMES,
  NO_SUBMISSION,
} from '#bench/drivers/answers.ts';
import type { Task } from '#bench/drivers/connection.ts';
import type { Addressed, SubmissionBook } from '#bench/drivers/submission-book.ts';
import { usFromIso } from '#protocol/time.ts';

interface AnswerFrame extends Addressed {
  readonly type: string;
  readonly code?: string;
  readonly seq?: number;
  readonly stamp?: string;
  readonly uncertaintyUs?: number;
  readonly retryAfterMs?: number;
  readonly duplicate?: true;
}

/** What reading a thread's journal takes. */
export interface ReadingOptions {
  readonly journal: AnswerJournal;
  readonly book: SubmissionBook;
  readonly tasks: readonly Task[];
  /** The plan's number of each task's first submission. */
  readonly numbers: readonly number[];
  /** When a connection's submission at a place of the book should have been sent. */
  readonly dueAtMs: (connection: number, place: number) => number;
  /** What to add to the thread's clock. */
  readonly clockOffsetMs: number;
}

/** All answers of a thread. */
export function readAnswers(options: ReadingOptions): Answers {
  const { journal, book, tasks, numbers, clockOffsetMs } = options;
  const outcomes = [...FIRST_OUTCOMES];
  const answers = emptyAnswers(journal.count, outcomes);
  const turns = new Uint32Array(tasks.length);
  let row = 0;
  journal.forEach((connection, atMs, text) => {
    const frame = JSON.parse(text) as AnswerFrame;
    const task = tasks[connection]!;
    const named = book.placeOf(frame);
    const turn = Math.min(task.first + turns[connection]!, task.end - 1);
    turns[connection]! += 1;
    const place = named < 0 ? turn : named;
    const isSent = book.sentAtMs[place]! <= atMs;
    answers.submission[row] = named < 0 ? NO_SUBMISSION : numbers[connection]! + named - task.first;
    answers.outcome[row] = outcomeOf(frame, outcomes);
    answers.atMs[row] = atMs + clockOffsetMs;
    answers.sentAtMs[row] = isSent ? book.sentAtMs[place]! + clockOffsetMs : Number.NaN;
    answers.dueAtMs[row] = options.dueAtMs(connection, place) + clockOffsetMs;
    answers.seq[row] = frame.seq ?? 0;
    answers.stampUs[row] = frame.stamp === undefined ? 0 : usFromIso(frame.stamp);
    answers.uncertaintyUs[row] = frame.uncertaintyUs ?? 0;
    answers.retryAfterMs[row] = frame.retryAfterMs ?? Number.NaN;
    row += 1;
  });
  return answers;
}

function outcomeOf(frame: AnswerFrame, outcomes: string[]): number {
  if (frame.type === 'accepted') return frame.duplicate ? DUPLICATE : ACCEPTED;
  const code = frame.code ?? 'unknown';
  const known = outcomes.indexOf(code);
  return known < 0 ? outcomes.push(code) - 1 : known;
}
