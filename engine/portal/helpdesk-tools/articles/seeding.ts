/**
 * The first articles: about this system, in both languages, so that the help pages are not empty on
 * the first day. Put in once, into a database that has none; what operators make of them or take
 * away stays so.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { ArticleDraft } from '#protocol/desk-tools-api.ts';
import type { Database } from '../../../store/database/index.ts';
import { readSetting, writeSetting } from '../../control-room/setting.ts';
import type { Articles } from './service.ts';

const KEY = 'helpdesk.articles-seeded';
const FOLDER = new URL('./seed/', import.meta.url);

/** The articles that ship, by their file names. */
export function shippedArticles(): ArticleDraft[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => articleIn(name));
}

/** A body is an array of paragraphs in the file, so that its lines stay readable. */
function articleIn(name: string): ArticleDraft {
  const { body, ...rest } = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Omit<
    ArticleDraft,
    'body'
  > & { body: { it: string[]; en: string[] } };
  const text = { it: body.it.join('\n\n'), en: body.en.join('\n\n') };
  return { ...rest, slug: name.slice(0, -'.json'.length), body: text, isPublished: true };
}

export function seedArticles(database: Database, articles: Articles): void {
  if (readSetting(database, KEY) !== null) return;
  database.transaction(() => {
    if (articles.count() === 0) {
      for (const article of shippedArticles()) articles.create(null, article);
    }
    writeSetting(database, KEY, 'yes');
  });
}
