/** Calls of copying an application, of its way and outcome, and of others like it. */
import type {
  Alike,
  AlikeGroupsAnswer,
  CopyWish,
  OutcomeWish,
  Way,
} from '#protocol/drafting-api.ts';
import type { Application } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';

const pathOf = (id: string) => `/api/applications/${encodeURIComponent(id)}`;

export const wayOf = (api: ApiClient, id: string) => api.ask<Way>(`${pathOf(id)}/way`);

export const sayOutcome = (api: ApiClient, id: string, wish: OutcomeWish) =>
  api.ask<Way>(`${pathOf(id)}/outcome`, { method: 'POST', body: wish });

export const alikeOf = async (api: ApiClient, id: string): Promise<readonly Alike[]> =>
  (await api.ask<{ alike: Alike[] }>(`${pathOf(id)}/alike`)).alike;

export const alikeGroups = async (api: ApiClient) =>
  (await api.ask<AlikeGroupsAnswer>('/api/alike-applications')).groups;

export const copyApplication = (api: ApiClient, id: string, what: CopyWish['what']) =>
  api.ask<Application>(`${pathOf(id)}/copy`, { method: 'POST', body: { what } });
