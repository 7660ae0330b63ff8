/** What can be asked of a ranking, and the filter it means. */
import { type Static, Type } from '@sinclair/typebox';
import { Instant } from '#protocol/calendar.ts';
import type { RankingFilter } from '#protocol/ranking/ranking.ts';
import { usFromIso } from '#protocol/time.ts';

const filters = {
  quota: Type.Optional(Type.String({ maxLength: 64 })),
  office: Type.Optional(Type.String({ maxLength: 64 })),
  gate: Type.Optional(Type.String({ maxLength: 64 })),
  /** Stamps from this instant on. */
  from: Type.Optional(Instant),
  /** Stamps before this instant. */
  to: Type.Optional(Instant),
};

export const FilterQuery = Type.Object(filters);

/** `cursor`: goes on after this place. `application`: its id or protocol number, alone. */
export const PageQuery = Type.Object({
  ...filters,
  application: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$' })),
});

export const DayParams = Type.Object({ clickDay: Type.String({ maxLength: 64 }) });

/** The filter of a query; instants that are none were refused by its pattern. */
export function filterOf(query: Static<typeof FilterQuery>): RankingFilter {
  const { quota, office, gate, from, to } = query;
  return {
    ...{ quota, office, gate },
    fromUs: from === undefined ? undefined : usFromIso(from),
    toUs: to === undefined ? undefined : usFromIso(to),
  };
}
