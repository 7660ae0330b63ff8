/**
 * When a field is asked: the `x-visibleWhen` conditions of a definition, over the flat answers.
 *
 * A hidden field does not exist: it is not required, not kept and no rule looks at it.
 */
import type { Condition, FormPage, FormValues } from './definition.ts';

const NO_ANSWERS: FormValues = {};

/** Whether one condition holds; a missing answer satisfies only `orMissing`. */
export function conditionHolds(condition: Condition, values: FormValues): boolean {
  const value = values[condition.field];
  if (value === undefined) return condition.orMissing === true;
  if (condition.equals !== undefined && value !== condition.equals) return false;
  if (condition.in !== undefined && !condition.in.includes(value)) return false;
  return !condition.notIn?.includes(value);
}

/** Whether all conditions hold; none given means yes. */
export function conditionsHold(
  conditions: readonly Condition[] | undefined,
  values: FormValues,
): boolean {
  return conditions === undefined || conditions.every((each) => conditionHolds(each, values));
}

/**
 * Names of the fields of `page` that are asked, given all answers (flat).
 * A field that hangs on a hidden field is hidden too, whatever the stored answer says.
 */
export function visibleFields(page: FormPage, values: FormValues): readonly string[] {
  const visible: string[] = [];
  const hidden = new Set<string>();
  for (const name of fieldNames(page)) {
    const conditions = page.schema.properties[name]?.['x-visibleWhen'] ?? [];
    const isAsked = conditions.every((each) =>
      conditionHolds(each, hidden.has(each.field) ? NO_ANSWERS : values),
    );
    if (isAsked && page.schema.properties[name] !== undefined) visible.push(name);
    else hidden.add(name);
  }
  return visible;
}

/** Names of the fields of `page` in reading order. */
export function fieldNames(page: FormPage): readonly string[] {
  return page.sections.flatMap((section) => section.fields);
}
