/** What the desk writes in both languages: never empty in one of them, never without bound. */
import type { FieldProblem, Texts } from '#protocol/portal-api.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';

/** Without the blanks around it. */
export function trimmed({ it, en }: Texts): Texts {
  return { it: it.trim(), en: en.trim() };
}

/** What is wrong with texts; `max`: signs of the longest that is allowed, by field. */
export function textProblems(
  texts: Readonly<Record<string, Texts>>,
  max: Readonly<Record<string, number>>,
): FieldProblem[] {
  return Object.entries(texts).flatMap(([field, both]) =>
    (['it', 'en'] as const).flatMap((language) => {
      const text = both[language].trim();
      const at = `${field}.${language}`;
      if (text === '') return [fieldProblem(at, 'TEXT_EMPTY')];
      return text.length > (max[field] ?? 0) ? [fieldProblem(at, 'TEXT_TOO_LONG')] : [];
    }),
  );
}

/** Refuses REQUEST_INVALID with these problems, if there are any. */
export function refuseProblems(errors: readonly FieldProblem[]): void {
  if (errors.length > 0) throw new Refusal('REQUEST_INVALID', { errors });
}
