/** The calls of a person who asks: articles, known incidents, own requests. */
import type {
  Article,
  ArticleList,
  ArticleSummary,
  HelpdeskAnswer,
  TicketAttachment,
  TicketDraft,
  TicketList,
  TicketView,
} from '#protocol/helpdesk-api.ts';
import type { ApiClient } from '../../api/client.ts';
import type { Language } from '../../i18n/dictionary.ts';

const ticketPath = (id: string) => `/api/tickets/${encodeURIComponent(id)}`;
const incidentPath = (id: string) => `/api/incidents/${encodeURIComponent(id)}`;

export const helpdeskClient = (api: ApiClient) => ({
  desk: () => api.request<HelpdeskAnswer>('/api/helpdesk'),
  follow: (id: string) =>
    api.request<void>(`${incidentPath(id)}/follow`, { method: 'POST', body: {} }),
  unfollow: (id: string) => api.request<void>(`${incidentPath(id)}/follow`, { method: 'DELETE' }),

  articles: async (wanted: { q?: string; language: Language }): Promise<ArticleSummary[]> => {
    const query = new URLSearchParams({ language: wanted.language });
    if (wanted.q) query.set('q', wanted.q);
    return (await api.request<ArticleList>(`/api/articles?${query}`)).articles;
  },
  article: (slug: string) => api.request<Article>(`/api/articles/${encodeURIComponent(slug)}`),

  tickets: (cursor: string | null) =>
    api.request<TicketList>(`/api/tickets${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`),
  ticket: (id: string) => api.request<TicketView>(ticketPath(id)),
  open: (body: TicketDraft) => api.request<TicketView>('/api/tickets', { method: 'POST', body }),
  write: (id: string, text: string) =>
    api.request<TicketView>(`${ticketPath(id)}/messages`, { method: 'POST', body: { text } }),
  close: (id: string) =>
    api.request<TicketView>(`${ticketPath(id)}/close`, { method: 'POST', body: {} }),
  reopen: (id: string, text: string) =>
    api.request<TicketView>(`${ticketPath(id)}/reopen`, { method: 'POST', body: { text } }),
  /** Adds a file to a message of one's own, within an hour. */
  attach: (id: string, message: string, file: File) => {
    const body = new FormData();
    body.set('file', file);
    const path = `${ticketPath(id)}/attachments?message=${encodeURIComponent(message)}`;
    return api.request<TicketAttachment>(path, { method: 'POST', body });
  },
});

/** Where a file of a request is. */
export function attachmentUrl(ticket: string, attachment: string): string {
  return `${ticketPath(ticket)}/attachments/${encodeURIComponent(attachment)}`;
}
