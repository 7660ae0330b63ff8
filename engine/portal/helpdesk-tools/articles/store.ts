/** The rows of articles, and the words they are found by, which are written together. */
import { type ArticlesTable, type Database, sql } from '../../../store/database/index.ts';
import { plainText } from './plain.ts';
import { questionsOf } from './words.ts';

export type ArticleRow = ArticlesTable;
export type ArticleColumns = Omit<ArticlesTable, 'n'>;

/** `excerpt`: the words of the body around those that were found. */
export interface FoundArticle extends ArticleRow {
  readonly excerpt_it: string;
  readonly excerpt_en: string;
}

export interface FindWish {
  readonly text: string;
  readonly language: string | undefined;
  readonly kind: string | undefined;
  readonly limit: number;
}

/** The nth column of `article_text`, as `snippet` wants it. */
const BODY_IT = 1;
const BODY_EN = 3;
const EXCERPT_WORDS = 24;
/** A word in a title says ten times as much. */
const WEIGHTS = '10.0, 1.0, 10.0, 1.0';
/** With as many that have all the words, those with some are not looked for. */
const ENOUGH = 3;

export type ArticleStore = ReturnType<typeof articleStore>;

export function articleStore(database: Database) {
  const { build } = database;
  const rows = () => build.selectFrom('articles').selectAll();
  const search = (match: string, { kind, limit }: FindWish) => {
    const excerpt = (column: number) =>
      sql<string>`snippet(article_text, ${sql.lit(column)}, '', '', '…', ${sql.lit(EXCERPT_WORDS)})`;
    const found = build
      .selectFrom('article_text')
      .innerJoin('articles as a', 'a.n', 'article_text.rowid')
      .selectAll('a')
      .select([
        excerpt(BODY_IT).as('excerpt_it'),
        excerpt(BODY_EN).as('excerpt_en'),
        sql<number>`bm25(article_text, ${sql.raw(WEIGHTS)})`.as('score'),
      ])
      .where(sql<boolean>`article_text MATCH ${match}`)
      .where('a.is_published', '=', 1)
      .orderBy('score')
      .orderBy('a.slug')
      .limit(limit);
    return database.all(kind === undefined ? found : found.where('a.kind', '=', kind));
  };
  return {
    count: () =>
      Number(
        database.first(build.selectFrom('articles').select((e) => e.fn.countAll().as('count')))
          ?.count ?? 0,
      ),
    bySlug: (slug: string) => database.first(rows().where('slug', '=', slug)),
    all: () => database.all(rows().orderBy('kind').orderBy('slug')),
    published: (kind: string | undefined) => {
      const shown = rows().where('is_published', '=', 1).orderBy('kind').orderBy('slug');
      return database.all(kind === undefined ? shown : shown.where('kind', '=', kind));
    },
    /** The best first: all words before some of them. */
    find: (wish: FindWish): FoundArticle[] => {
      const questions = questionsOf(wish.text, columnsOf(wish.language));
      if (questions === undefined) return [];
      const best = search(questions.all, wish);
      if (best.length >= ENOUGH || questions.any === null) return best;
      const known = new Set(best.map(({ n }) => n));
      const others = search(questions.any, wish).filter(({ n }) => !known.has(n));
      return [...best, ...others].slice(0, wish.limit);
    },
    insert: (columns: ArticleColumns) => {
      const added = build
        .insertInto('articles')
        .values(columns as ArticleRow)
        .returning('n');
      const n = (database.first(added) as { n: number }).n;
      database.run(build.insertInto('article_text').values({ rowid: n, ...wordsOf(columns) }));
    },
    update: (n: number, columns: ArticleColumns) => {
      database.run(build.updateTable('articles').set(columns).where('n', '=', n));
      database.run(build.updateTable('article_text').set(wordsOf(columns)).where('rowid', '=', n));
    },
    remove: (n: number) => {
      database.run(build.deleteFrom('article_text').where('rowid', '=', n));
      database.run(build.deleteFrom('articles').where('n', '=', n));
    },
  };
}

const ITALIAN = ['title_it', 'body_it'];
const ENGLISH = ['title_en', 'body_en'];

function columnsOf(language: string | undefined): readonly string[] {
  if (language === undefined) return [...ITALIAN, ...ENGLISH];
  return language === 'en' ? ENGLISH : ITALIAN;
}

function wordsOf({ title_it, title_en, body_it, body_en }: ArticleColumns) {
  return { title_it, title_en, body_it: plainText(body_it), body_en: plainText(body_en) };
}
