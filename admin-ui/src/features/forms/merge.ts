/**
 * Two people, or two windows, have changed the same page: what each changed since they last agreed
 * is put together, field by field. Only a field that both changed, and differently, is a question.
 */
import type { FieldValue, FormValues } from '#protocol/forms/index.ts';

/** One field that both changed. Undefined: the answer was taken away. */
export interface Clash {
  readonly field: string;
  readonly mine: FieldValue | undefined;
  readonly theirs: FieldValue | undefined;
}

export interface Merged {
  /** In fields that clash: mine, until the person has chosen. */
  readonly values: FormValues;
  readonly clashes: readonly Clash[];
}

/**
 * `sent` is what this window had written when it last agreed with the portal, `base` what the
 * portal made of it (blanks out, capitals): so what a person did not touch is no change of theirs.
 */
export function mergeAnswers(sides: {
  readonly sent: FormValues;
  readonly base: FormValues;
  readonly mine: FormValues;
  readonly theirs: FormValues;
  /** Mine as the portal would keep it: what only looks different is no clash. */
  readonly tidy?: FormValues;
}): Merged {
  const { sent, base, mine, theirs, tidy = {} } = sides;
  const values: Record<string, FieldValue> = {};
  const clashes: Clash[] = [];
  for (const field of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const [own, other] = [mine[field], theirs[field]];
    const iChanged = own !== sent[field];
    const theyChanged = other !== base[field];
    const isSame = own === other || (other !== undefined && tidy[field] === other);
    if (iChanged && theyChanged && !isSame) clashes.push({ field, mine: own, theirs: other });
    const kept = theyChanged && !iChanged ? other : own;
    if (kept !== undefined) values[field] = kept;
  }
  return { values, clashes };
}
