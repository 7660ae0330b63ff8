/**
 * Refusals: how the portal says no. Any room throws a `Refusal` with a code of the catalogue; it
 * becomes `application/problem+json` (RFC 9457) in the caller's language with both languages
 * beside. Nothing of the inside (messages, stacks, SQL) ever reaches a caller.
 */
import type { FieldError } from '#protocol/forms/index.ts';
import { type Outcome, type OutcomeCode, outcomes } from '#protocol/outcomes.ts';
import type { FieldProblem, Language, Problem } from '#protocol/portal-api.ts';

const TYPE_PREFIX = 'urn:clickday:problem:';
const STATUS_DEFAULT = 400;

/** Codes of the catalogue that have an HTTP status of their own are answered with it. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: OutcomeCode;
  readonly errors: readonly FieldProblem[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: OutcomeCode,
    more: { errors?: readonly (FieldProblem | FieldError)[]; retryAfterMs?: number } = {},
  ) {
    super(code);
    this.code = code;
    this.errors = more.errors as readonly FieldProblem[] | undefined;
    this.retryAfterMs = more.retryAfterMs;
  }

  get statusCode(): number {
    const outcome: Outcome = outcomes[this.code];
    return outcome.status ?? STATUS_DEFAULT;
  }
}

/** One wrong field, with the catalogue's sentence of `code`. */
export function fieldProblem(field: string, code: OutcomeCode): FieldProblem {
  const { it, en } = outcomes[code];
  return { field, code, messages: { it, en } };
}

/** The problem document of a refusal. */
export function problemOf(refusal: Refusal, language: Language): Problem {
  const { it, en } = outcomes[refusal.code];
  const detail = language === 'en' ? en : it;
  return {
    type: TYPE_PREFIX + refusal.code.toLowerCase().replaceAll('_', '-'),
    title: en,
    status: refusal.statusCode,
    code: refusal.code,
    detail,
    messages: { it, en },
    ...(refusal.errors ? { errors: [...refusal.errors] } : {}),
    ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
  };
}

/** The preferred of our two languages in an `Accept-Language` header; Italian when in doubt. */
export function languageOf(header: string | undefined): Language {
  const wishes = (header ?? '').split(',').map(wishOf);
  wishes.sort((left, right) => right.weight - left.weight);
  return wishes.find((wish) => wish.weight > 0 && wish.tag !== '')?.tag === 'en' ? 'en' : 'it';
}

function wishOf(part: string): { tag: string; weight: number } {
  const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
  const tag = range.split('-')[0] ?? '';
  const quality = parameters.find((parameter) => parameter.trim().startsWith('q='));
  const weight = quality === undefined ? 1 : Number(quality.trim().slice(2));
  return { tag: tag === 'en' || tag === 'it' ? tag : '', weight: weight || 0 };
}
