/** The calls about practice and its windows. */
import type {
  AdminRehearsal,
  AdminRehearsalsAnswer,
  PracticeAnswer,
  RehearsalChange,
} from '#protocol/rehearsals-api.ts';
import type { ApiClient } from '../../api/client.ts';

const all = '/api/admin/rehearsals';
const path = (id: string) => `${all}/${encodeURIComponent(id)}`;

export const rehearsalsClient = (api: ApiClient) => ({
  practice: () => api.request<PracticeAnswer>('/api/practice'),
  all: () => api.request<AdminRehearsalsAnswer>(all),
  create: (body: RehearsalChange) => api.request<AdminRehearsal>(all, { method: 'POST', body }),
  change: (id: string, body: RehearsalChange) =>
    api.request<AdminRehearsal>(path(id), { method: 'PUT', body }),
  remove: (id: string) => api.request<void>(path(id), { method: 'DELETE' }),
});
