/**
 * The whole list as a stream: 200 places at a time, read when the reader wants more, the event loop
 * free in between. It ends at the last place there was when it began, so it is whole up to there,
 * whatever arrives meanwhile.
 */
import { Readable } from 'node:stream';
import { type RankingFormat, rankingHead, rankingLine } from '#protocol/ranking/lines.ts';
import type { RankingFilter } from '#protocol/ranking/ranking.ts';
import type { Timers } from '../../clock/index.ts';
import type { RankingSource } from './source.ts';

export interface ListWish {
  readonly clickDay: string;
  readonly filter: RankingFilter;
  readonly format: RankingFormat;
  /** The last place that may be listed. */
  readonly until: number;
}

const CHUNK_PLACES = 200;

/** `onEnd` is called once, whether it was read to its end or not. */
export function listStream(
  parts: { readonly rankings: RankingSource; readonly timers: Timers },
  wish: ListWish,
  onEnd: () => void,
): Readable {
  const stream = Readable.from(linesOf(parts, wish), { objectMode: false, highWaterMark: 1 });
  stream.once('close', onEnd);
  return stream;
}

async function* linesOf(
  { rankings, timers }: { readonly rankings: RankingSource; readonly timers: Timers },
  wish: ListWish,
): AsyncGenerator<Buffer> {
  const { clickDay, filter, format, until } = wish;
  const head = rankingHead(format);
  if (head !== '') yield Buffer.from(head);
  let after = 0;
  for (;;) {
    const rows = rankings.rows(clickDay, { filter, after, until, limit: CHUNK_PLACES });
    if (rows.length > 0) yield Buffer.from(rows.map((row) => rankingLine(row, format)).join(''));
    if (rows.length < CHUNK_PLACES) return;
    after = rows.at(-1)?.place ?? until;
    await new Promise<void>((resolve) => void timers.immediate(resolve));
  }
}
