/** What the public ranking needs of the register; its room follows it (register/rankings.ts). */
import type { Arrivals } from '#protocol/ranking/arrivals.ts';
import type { RankingRow } from '#protocol/ranking/lines.ts';
import type { RankingFilter } from '#protocol/ranking/ranking.ts';

export interface RankingSource {
  clickDays(): string[];
  summary(clickDay: string): {
    readonly count: number;
    readonly lastStampUs: number | null;
    readonly quotas: ReadonlyMap<string, number>;
    readonly offices: ReadonlyMap<string, number>;
    readonly gates: ReadonlyMap<string, number>;
  };
  count(clickDay: string, filter: RankingFilter, until: number): number;
  rows(
    clickDay: string,
    wish: { filter: RankingFilter; after: number; until: number; limit: number },
  ): RankingRow[];
  find(clickDay: string, text: string): number | undefined;
  arrivals(clickDay: string, options: { opensAtUs: number; filter: RankingFilter }): Arrivals;
}
