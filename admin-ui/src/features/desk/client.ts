/** The calls of the operators' pages: tickets and the telephone. The tools' are beside them. */
import type {
  DeskAction,
  DeskBulk,
  DeskBulkState,
  DeskCallers,
  DeskChange,
  DeskMerge,
  DeskNote,
  DeskPresence,
  DeskPresenceAnswer,
  DeskQuery,
  DeskQueues,
  DeskSplit,
  DeskSubject,
  DeskTicket,
  DeskTicketList,
  PhoneTicket,
} from '#protocol/desk-api.ts';
import type { ApiClient } from '../../api/client.ts';
import type { ActionName } from './flow.ts';

export type PresenceState = (typeof DeskPresence)['static']['state'];
/** A question about tickets, as an address has it. */
export type Asked = Readonly<Partial<Record<keyof DeskQuery, string | number>>>;
export type DeskClient = ReturnType<typeof deskClient>;

export function deskClient(api: ApiClient) {
  const post = <T>(path: string, body: unknown) => api.ask<T>(path, { method: 'POST', body });
  return {
    queues: () => api.ask<DeskQueues>('/api/desk/queues'),
    tickets: (wanted: Asked) =>
      api.ask<DeskTicketList>(`/api/desk/tickets?${parametersOf(wanted)}`),
    ticket: (id: string) => api.ask<DeskTicket>(ticketPath(id)),
    subject: (id: string) => api.ask<DeskSubject>(`${ticketPath(id)}/subject`),
    act: (id: string, action: ActionName, body: DeskAction) =>
      post<DeskTicket>(`${ticketPath(id)}/${action}`, body),
    attach: (id: string, message: string, file: File) => {
      const body = new FormData();
      body.append('file', file);
      const query = new URLSearchParams({ message }).toString();
      return post<unknown>(`${ticketPath(id)}/attachments?${query}`, body);
    },
    unmerge: (id: string, version: number) =>
      post<DeskTicket>(`${ticketPath(id)}/unmerge`, { version }),
    erase: (id: string, version: number) =>
      post<DeskTicket>(`${ticketPath(id)}/erase`, { version }),
    note: (id: string, body: DeskNote) => post<DeskTicket>(`${ticketPath(id)}/notes`, body),
    seen: (id: string) => post<DeskTicket>(`${ticketPath(id)}/seen`, {}),
    change: (id: string, body: DeskChange) =>
      api.ask<DeskTicket>(ticketPath(id), { method: 'PATCH', body }),
    merge: (id: string, body: DeskMerge) => post<unknown>(`${ticketPath(id)}/merge`, body),
    split: (id: string, body: DeskSplit) => post<{ id: string }>(`${ticketPath(id)}/split`, body),
    presence: (id: string, state: PresenceState) =>
      post<DeskPresenceAnswer>(`${ticketPath(id)}/presence`, { state }),
    callers: (q: string) =>
      api.ask<DeskCallers>(`/api/desk/callers?${new URLSearchParams({ q }).toString()}`),
    open: (body: PhoneTicket) => post<DeskTicket>('/api/desk/tickets', body),
    bulk: (body: DeskBulk) => post<DeskBulkState>('/api/desk/bulk', body),
    bulkState: (id: string) => api.ask<DeskBulkState>(`/api/desk/bulk/${encodeURIComponent(id)}`),
  };
}

/** Where an attachment can be taken from. */
export function attachmentUrl(ticket: string, attachment: string): string {
  return `${ticketPath(ticket)}/attachments/${encodeURIComponent(attachment)}`;
}

/** Where a paper of an application of who asks is, as the desk may read it. */
export function paperUrl(ticket: string, application: string, kind: 'receipt' | 'preview'): string {
  return `${ticketPath(ticket)}/applications/${encodeURIComponent(application)}/${kind}.pdf`;
}

/** What is asked as an address has it; absent members do not restrict. */
export function parametersOf(wanted: Asked): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  return parameters.toString();
}

function ticketPath(id: string): string {
  return `/api/desk/tickets/${encodeURIComponent(id)}`;
}
