/** The public ranking over the portal's HTTP API, in types (see portal-api.ts for the rules). */
import { type Static, Type } from '@sinclair/typebox';
import { Arrivals } from './arrivals.ts';
import { RankingRow } from './lines.ts';
import { QuotaPlaces } from './quotas.ts';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** Something that can be filtered by, with how many places it has. */
const Tally = Type.Object({ id: Type.String(), count: Type.Integer() });

/**
 * A click day's ranking in numbers. `finalUntil`: every entry with a stamp before this instant has
 * its place for ever; null while there is no place.
 */
export const RankingSummary = Type.Object({
  clickDay: Type.String(),
  count: Type.Integer(),
  finalUntil: nullable(Type.String()),
  quotas: Type.Array(
    Type.Object({
      ...Tally.properties,
      models: Type.Array(Type.String()),
      places: nullable(QuotaPlaces),
    }),
  ),
  offices: Type.Array(Tally),
  gates: Type.Array(Tally),
});
export type RankingSummary = Static<typeof RankingSummary>;
export const RankingsAnswer = Type.Object({ rankings: Type.Array(RankingSummary) });
export type RankingsAnswer = Static<typeof RankingsAnswer>;

/** `total`: places that pass the filter. `next` goes on after this page; null at the end. */
export const RankingPage = Type.Object({
  clickDay: Type.String(),
  count: Type.Integer({ description: 'places of the whole click day' }),
  finalUntil: nullable(Type.String()),
  total: Type.Integer(),
  rows: Type.Array(RankingRow),
  next: nullable(Type.String()),
});
export type RankingPage = Static<typeof RankingPage>;

export const RankingHistogram = Type.Object({
  clickDay: Type.String(),
  opensAt: Type.String(),
  finalUntil: nullable(Type.String()),
  ...Arrivals.properties,
});
export type RankingHistogram = Static<typeof RankingHistogram>;
