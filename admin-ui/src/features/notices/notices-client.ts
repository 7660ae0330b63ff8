/** The calls about notices. */
import type { Notice, NoticeDraft, NoticesAnswer } from '#protocol/notices-api.ts';
import type { ApiClient } from '../../api/client.ts';

const path = (id: string) => `/api/admin/notices/${encodeURIComponent(id)}`;

export const noticesClient = (api: ApiClient) => ({
  current: async () => (await api.request<NoticesAnswer>('/api/notices')).notices,
  all: async () => (await api.request<NoticesAnswer>('/api/admin/notices')).notices,
  create: (body: NoticeDraft) =>
    api.request<Notice>('/api/admin/notices', { method: 'POST', body }),
  change: (id: string, body: NoticeDraft) => api.request<Notice>(path(id), { method: 'PUT', body }),
  remove: (id: string) => api.request<void>(path(id), { method: 'DELETE' }),
});
