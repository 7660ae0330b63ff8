/**
 * Quotas: models of one click day that share places.
 *
 * A published entry names its model and not the worker's nationality, so a quota here is a set of
 * models. Which models share one stands in the signed calendar and does not change once the day has
 * opened; a model that no quota names is a quota of its own, called like the model. So the log and
 * the calendar suffice to say which quota an entry belongs to.
 */
import { type Static, Type } from '@sinclair/typebox';

export const QuotaId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$' });
export const QuotaPlaces = Type.Integer({ minimum: 1, maximum: 100_000_000 });

/** One quota of a click day. `places`: how many there are, where that is published. */
export const Quota = Type.Object({
  id: QuotaId,
  models: Type.Array(Type.String({ maxLength: 20 }), { maxItems: 100 }),
  places: Type.Optional(QuotaPlaces),
});
export type Quota = Readonly<Static<typeof Quota>>;
export const Quotas = Type.Array(Quota, { maxItems: 50 });

/** What of a click day's rule makes a quota. */
export interface QuotaRule {
  readonly models?: readonly string[] | undefined;
  readonly quota?: string | undefined;
  readonly places?: number | undefined;
}

/**
 * The quotas that rules name, in their order. Rules with one name add their models; a model belongs
 * to the first quota that names it, and a quota to which none is left is none.
 */
export function quotasOf(rules: readonly QuotaRule[]): Quota[] {
  const quotas = new Map<string, { id: string; models: string[]; places?: number }>();
  const taken = new Set<string>();
  for (const { quota: id, models = [], places } of rules) {
    if (id === undefined) continue;
    const quota = quotas.get(id) ?? { id, models: [] };
    quotas.set(id, quota);
    const added = models.filter((model) => !taken.has(model));
    for (const model of added) taken.add(model);
    quota.models.push(...added);
    if (places !== undefined) quota.places ??= places;
  }
  return [...quotas.values()].filter(({ models }) => models.length > 0);
}

/** The id of a model's quota. */
export function quotaOf(quotas: readonly Quota[], model: string): string {
  return quotas.find(({ models }) => models.includes(model))?.id ?? model;
}
