/** The calls of the desk's tools: canned answers, teams, incidents, articles, hours, statistics. */
import type { DeskTags } from '#protocol/desk-api.ts';
import type {
  ArticleDraft,
  Canned,
  CannedDraft,
  CannedList,
  DeskArticleList,
  DeskHours,
  DeskIncidentList,
  DeskStatistics,
  IncidentDraft,
  TeamDraft,
  TeamList,
} from '#protocol/desk-tools-api.ts';
import type { ApiClient } from '../../api/client.ts';

export type DeskIncident = (typeof DeskIncidentList)['static']['incidents'][number];
export type DeskArticle = (typeof DeskArticleList)['static']['articles'][number];
export type ToolsClient = ReturnType<typeof toolsClient>;

const desk = '/api/desk';

export function toolsClient(api: ApiClient) {
  const send = <T>(method: 'POST' | 'PUT', path: string, body: unknown) =>
    api.ask<T>(`${desk}/${path}`, { method, body });
  const remove = (path: string) => api.ask<void>(`${desk}/${path}`, { method: 'DELETE' });
  const get = <T>(path: string) => api.ask<T>(`${desk}/${path}`);
  /** Creates without an id, else changes. */
  const save = <T>(room: string, id: string | null, body: unknown) =>
    id === null ? send<T>('POST', room, body) : send<T>('PUT', at(room, id), body);
  return {
    canned: async () => (await get<(typeof CannedList)['static']>('canned')).canned,
    saveCanned: (id: string | null, body: CannedDraft) => save<Canned>('canned', id, body),
    removeCanned: (id: string) => remove(at('canned', id)),
    tags: async () => (await get<DeskTags>('tags')).tags,
    teams: () => get<TeamList>('teams'),
    saveTeam: (id: string | null, body: TeamDraft) => save<unknown>('teams', id, body),
    removeTeam: (id: string) => remove(at('teams', id)),
    incidents: async () => (await get<(typeof DeskIncidentList)['static']>('incidents')).incidents,
    saveIncident: (id: string | null, body: IncidentDraft) => save<unknown>('incidents', id, body),
    articles: async () => (await get<(typeof DeskArticleList)['static']>('articles')).articles,
    saveArticle: (slug: string | null, body: ArticleDraft) => save<unknown>('articles', slug, body),
    removeArticle: (slug: string) => remove(at('articles', slug)),
    hours: () => get<DeskHours>('hours'),
    saveHours: (body: DeskHours) => send<unknown>('PUT', 'hours', body),
    statistics: (span: StatisticsSpan) => get<DeskStatistics>(`statistics?${spanQuery(span)}`),
  };
}

/** Days in Rome, both counted. */
export interface StatisticsSpan {
  readonly from: string;
  readonly until: string;
}

/** Where the statistics are as a table for other programs. */
export function statisticsUrl(span: StatisticsSpan): string {
  return `${desk}/statistics.csv?${spanQuery(span)}`;
}

function spanQuery({ from, until }: StatisticsSpan): string {
  return new URLSearchParams({ from, until }).toString();
}

function at(room: string, id: string): string {
  return `${room}/${encodeURIComponent(id)}`;
}
