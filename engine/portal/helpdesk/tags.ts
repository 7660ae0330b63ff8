/**
 * Tags: short words of the desk's own on its tickets, which users never see. They are written as
 * they come, so that two spellings of one word are one tag: lower case, one space between words.
 */
import { TAG_LENGTH_MAX } from '#protocol/desk-api.ts';
import { type Database, sql } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';
import { tidyLine } from './text.ts';

const TAG = /^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u;
const LENGTH_MIN = 2;
/** Offered for choosing; more can be in use. */
const OFFERED_MAX = 300;

export interface TagStore {
  /** In alphabetical order. */
  of(ticket: string): string[];
  ofMany(tickets: readonly string[]): ReadonlyMap<string, readonly string[]>;
  replace(ticket: string, tags: readonly string[]): void;
  /** Those in use, in alphabetical order: a look-up each, however many tickets have one. */
  inUse(): string[];
}

export function tagStore({ build, all, run }: Database): TagStore {
  const rowsOf = (tickets: readonly string[]) =>
    tickets.length === 0
      ? []
      : all(
          build
            .selectFrom('ticket_tags')
            .selectAll()
            .where('ticket', 'in', [...tickets])
            .orderBy('tag'),
        );
  const ofMany = (tickets: readonly string[]) => {
    const tags = new Map<string, string[]>();
    for (const { ticket, tag } of rowsOf(tickets))
      tags.set(ticket, [...(tags.get(ticket) ?? []), tag]);
    return tags;
  };
  return {
    of: (ticket) => rowsOf([ticket]).map(({ tag }) => tag),
    ofMany,
    replace: (ticket, tags) => {
      run(build.deleteFrom('ticket_tags').where('ticket', '=', ticket));
      const rows = tags.map((tag) => ({ tag, ticket }));
      if (rows.length > 0) run(build.insertInto('ticket_tags').values(rows));
    },
    inUse: () => {
      const used = sql<{ tag: string }>`(
        WITH RECURSIVE used (tag) AS (
          SELECT min(tag) FROM ticket_tags
          UNION ALL SELECT (SELECT min(tag) FROM ticket_tags WHERE tag > used.tag) FROM used
            WHERE used.tag IS NOT NULL)
        SELECT tag FROM used WHERE tag IS NOT NULL LIMIT ${OFFERED_MAX})`;
      return all(build.selectFrom(used.as('used')).select('used.tag')).map(({ tag }) => tag);
    },
  };
}

/** As they are kept, each once. Refuses REQUEST_INVALID. */
export function tidyTags(given: readonly string[]): string[] {
  const tags = given.map(tidyTag);
  return [...new Set(tags)].toSorted();
}

/** Refuses REQUEST_INVALID. */
export function tidyTag(given: string): string {
  const tag = tidyLine(given).normalize('NFC').toLowerCase();
  const isGood = tag.length >= LENGTH_MIN && tag.length <= TAG_LENGTH_MAX && TAG.test(tag);
  if (!isGood) throw new Refusal('REQUEST_INVALID');
  return tag;
}
