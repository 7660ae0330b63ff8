/**
 * Articles: what the desk has answered once for everybody, in both languages. Everybody reads what
 * is published; the search also suggests while somebody describes their trouble. A body is
 * Markdown, kept as it was written; nothing in it is HTML (the page shows it as text).
 */
import type { ArticleDraft, DeskArticle } from '#protocol/desk-tools-api.ts';
import type { Article, ArticleSummary, TicketKind } from '#protocol/helpdesk-api.ts';
import type { Texts } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { Refusal } from '../../http/refusal.ts';
import type { ToolParts } from '../parts.ts';
import { refuseProblems, textProblems, trimmed } from '../texts.ts';
import { beginningOf, plainText } from './plain.ts';
import { type ArticleColumns, type ArticleRow, articleStore } from './store.ts';

export const ARTICLES_MAX = 300;
/** Articles that a search answers with. */
const FOUND_MAX = 10;
const LENGTHS = { title: 160, body: 20_000 };
const EXCERPT_LENGTH = 160;

export interface FindArticles {
  readonly q?: string | undefined;
  readonly kind?: TicketKind | undefined;
  readonly language?: string | undefined;
}

export interface Articles {
  /** Published ones: best first with `q`, else by kind. */
  find(wish: FindArticles): ArticleSummary[];
  /** A published one. Refuses NOT_FOUND. */
  read(slug: string): Article;
  /** All, with their bodies. */
  all(): DeskArticle[];
  create(by: string | null, draft: ArticleDraft): DeskArticle;
  change(by: string, slug: string, draft: ArticleDraft): DeskArticle;
  remove(by: string, slug: string): void;
  count(): number;
}

/** The articles in `database`. */
export function createArticles({ database, clock, audit }: ToolParts): Articles {
  const store = articleStore(database);
  const known = (slug: string) => {
    const row = store.bySlug(slug);
    if (row === undefined) throw new Refusal('NOT_FOUND');
    return row;
  };
  const refuseTaken = (slug: string) => {
    if (store.bySlug(slug) !== undefined) throw new Refusal('ARTICLE_SLUG_TAKEN');
  };
  return {
    find: ({ q, kind, language }) => {
      if (q === undefined || q.trim() === '') return store.published(kind).map(summaryOf);
      const wish = { text: q, kind, language, limit: FOUND_MAX };
      return store.find(wish).map((row) => ({
        ...headOf(row),
        excerpt: { it: row.excerpt_it, en: row.excerpt_en },
      }));
    },
    read: (slug) => {
      const row = known(slug);
      if (row.is_published === 0) throw new Refusal('NOT_FOUND');
      return articleOf(row);
    },
    all: () => store.all().map(deskArticleOf),
    create: (by, draft) => {
      const columns = columnsOf(draft, clock.nowUs());
      return database.transaction(() => {
        refuseTaken(draft.slug);
        if (store.count() >= ARTICLES_MAX) throw new Refusal('DESK_LIST_FULL');
        store.insert(columns);
        audit({ account: by, action: 'article.create', subject: draft.slug, detail: draft });
        return deskArticleOf(known(draft.slug));
      });
    },
    change: (by, slug, draft) => {
      const columns = columnsOf(draft, clock.nowUs());
      return database.transaction(() => {
        const before = known(slug);
        if (draft.slug !== slug) refuseTaken(draft.slug);
        store.update(before.n, columns);
        const detail = { before: deskArticleOf(before), change: draft };
        audit({ account: by, action: 'article.change', subject: slug, detail });
        return deskArticleOf(known(draft.slug));
      });
    },
    remove: (by, slug) =>
      database.transaction(() => {
        const row = known(slug);
        store.remove(row.n);
        const detail = deskArticleOf(row);
        audit({ account: by, action: 'article.remove', subject: slug, detail });
      }),
    count: store.count,
  };
}

function columnsOf(draft: ArticleDraft, nowUs: number): ArticleColumns {
  refuseProblems(textProblems({ title: draft.title, body: draft.body }, LENGTHS));
  const [title, body] = [trimmed(draft.title), trimmed(draft.body)];
  return {
    slug: draft.slug,
    kind: draft.kind,
    title_it: title.it,
    title_en: title.en,
    body_it: body.it,
    body_en: body.en,
    is_published: draft.isPublished ? 1 : 0,
    updated_at_us: nowUs,
  };
}

function headOf(row: ArticleRow): { slug: string; kind: TicketKind; title: Texts } {
  const title = { it: row.title_it, en: row.title_en };
  return { slug: row.slug, kind: row.kind as TicketKind, title };
}

function summaryOf(row: ArticleRow): ArticleSummary {
  const excerpt = (body: string) => beginningOf(plainText(body), EXCERPT_LENGTH);
  return { ...headOf(row), excerpt: { it: excerpt(row.body_it), en: excerpt(row.body_en) } };
}

function articleOf(row: ArticleRow): Article {
  const body = { it: row.body_it, en: row.body_en };
  return { ...headOf(row), body, updatedAt: isoFromUs(row.updated_at_us) };
}

function deskArticleOf(row: ArticleRow): DeskArticle {
  return { ...articleOf(row), isPublished: row.is_published === 1 };
}
