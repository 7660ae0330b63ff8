/**
 * The answers of a run as columns of numbers, one row an answer in the order they came: small, and
 * handed from thread to thread without being copied.
 *
 * Instants in ms are of the machine's monotonic clock, the same for all threads.
 */
export interface Answers {
  readonly count: number;
  /** Which submission of the plan is answered; `NO_SUBMISSION` when the answer names none. */
  readonly submission: Uint32Array;
  /** Which of `outcomes`. */
  readonly outcome: Uint8Array;
  /** `accepted`, `duplicate`, and the codes of the refusals that came. */
  readonly outcomes: readonly string[];
  readonly atMs: Float64Array;
  /** When the submission was last written before. */
  readonly sentAtMs: Float64Array;
  /** When it should have been written; in a closed loop when it was. */
  readonly dueAtMs: Float64Array;
  /** 0 for a refusal, as the next two. */
  readonly seq: Float64Array;
  readonly stampUs: Float64Array;
  readonly uncertaintyUs: Float64Array;
  /** NaN where the answer names none. */
  readonly retryAfterMs: Float64Array;
}

export const NO_SUBMISSION = 0xffff_ffff;
export const ACCEPTED = 0;
export const DUPLICATE = 1;
/** The first of `outcomes`, whatever came. */
export const FIRST_OUTCOMES = ['accepted', 'duplicate'];

const COLUMNS = [
  ...(['submission', 'atMs', 'sentAtMs', 'dueAtMs'] as const),
  ...(['seq', 'stampUs', 'uncertaintyUs', 'retryAfterMs'] as const),
] as const;

/** Room for `count` answers. */
export function emptyAnswers(count: number, outcomes: readonly string[]): Answers {
  return {
    count,
    submission: new Uint32Array(count),
    outcome: new Uint8Array(count),
    outcomes,
    atMs: new Float64Array(count),
    sentAtMs: new Float64Array(count),
    dueAtMs: new Float64Array(count),
    seq: new Float64Array(count),
    stampUs: new Float64Array(count),
    uncertaintyUs: new Float64Array(count),
    retryAfterMs: new Float64Array(count),
  };
}

/** The columns of a thread's answers, to be handed over with them. */
export function buffersOf(answers: Answers): ArrayBuffer[] {
  const columns = Object.values(answers).filter((column) => ArrayBuffer.isView(column));
  return columns.map((column) => column.buffer as ArrayBuffer);
}

/** One table of several threads' answers, in the order they came. */
export function mergeAnswers(parts: readonly Answers[]): Answers {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const outcomes = [...new Set([...FIRST_OUTCOMES, ...parts.flatMap((one) => one.outcomes)])];
  const codes = parts.map((part) => part.outcomes.map((outcome) => outcomes.indexOf(outcome)));
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const merged = emptyAnswers(count, outcomes);
  const heads = parts.map(() => 0);
  for (let row = 0; row < count; row += 1) {
    const from = earliest(parts, heads);
    const part = parts[from]!;
    const head = heads[from]!;
    for (const column of COLUMNS) merged[column][row] = part[column][head]!;
    merged.outcome[row] = codes[from]![part.outcome[head]!]!;
    heads[from] = head + 1;
  }
  return merged;
}

/** Which part's next answer came first. */
function earliest(parts: readonly Answers[], heads: readonly number[]): number {
  const times = parts.map((part, at) => part.atMs[heads[at]!] ?? Number.POSITIVE_INFINITY);
  return times.indexOf(Math.min(...times));
}
