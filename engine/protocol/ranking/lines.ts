/**
 * A place of the ranking as it is published, fixed to the byte (docs/protocol.md): the members,
 * their order and how each is written never change; a later version of the list would get another
 * name. No personal data: an application is known by its id, which only its sender and its office
 * know to be theirs.
 */
import { type Static, Type } from '@sinclair/typebox';
import { csvField } from '../csv.ts';
import { protocolNumber } from '../entry.ts';
import { isoFromUs } from '../time.ts';
import type { RankedEntry } from './ranking.ts';

/** One place. `leafHash` is base64url without padding, as receipts print it. */
export const RankingRow = Type.Object({
  clickDay: Type.String(),
  place: Type.Integer(),
  quota: Type.String(),
  quotaPlace: Type.Integer({ description: 'place in the quota' }),
  office: Type.String(),
  officePlace: Type.Integer({ description: 'place in the quota at this office' }),
  application: Type.String(),
  protocol: Type.String(),
  stamp: Type.String({ description: 'ISO 8601 UTC, six decimals' }),
  uncertaintyUs: Type.Number(),
  gate: Type.String(),
  model: Type.String(),
  leafHash: Type.String({ description: 'RFC 6962 leaf hash, base64url' }),
});
export type RankingRow = Static<typeof RankingRow>;

/** Members of a line, and columns, in their order. */
export const RANKING_COLUMNS = Object.keys(RankingRow.properties) as (keyof RankingRow)[];

/** The first line of the CSV form. */
export const CSV_HEAD = `${RANKING_COLUMNS.join(',')}\n`;

export type RankingFormat = 'ndjson' | 'csv';

/** `leafHash` of the entry, base64url. */
export function rankingRow(ranked: RankedEntry, leafHash: string): RankingRow {
  const { entry, place, quota, quotaPlace, officePlace } = ranked;
  const { clickDay, office, application, uncertaintyUs, gate, model } = entry;
  return {
    ...{ clickDay, place, quota, quotaPlace, office, officePlace, application },
    protocol: protocolNumber(entry),
    stamp: isoFromUs(entry.stampUs),
    ...{ uncertaintyUs, gate, model, leafHash },
  };
}

/** The line of a place with its newline: JSON as `JSON.stringify` writes it, or RFC 4180 (LF). */
export function rankingLine(row: RankingRow, format: RankingFormat): string {
  if (format === 'csv') return `${RANKING_COLUMNS.map((name) => csvField(row[name])).join(',')}\n`;
  return `${JSON.stringify(row, RANKING_COLUMNS)}\n`;
}

/** What stands before the first place. */
export function rankingHead(format: RankingFormat): string {
  return format === 'csv' ? CSV_HEAD : '';
}
