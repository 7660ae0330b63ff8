/** The calls about organisations. */
import type {
  AccountsRequest,
  Founding,
  MemberChange,
  MemberRole,
  MembersAnswer,
  MemberView,
  OrganisationAnswer,
  RequestStatus,
  RequestsAnswer,
  RequestView,
} from '#protocol/organisations-api.ts';
import type { ApiClient } from '../../api/client.ts';

const OWN = '/api/organisation';
const QUEUE = '/api/operator/requests';
const member = (id: string) => `${OWN}/members/${encodeURIComponent(id)}`;
const invitation = (id: string) => `${OWN}/invitations/${encodeURIComponent(id)}`;
const request = (id: string) => `${QUEUE}/${encodeURIComponent(id)}`;

export const organisationsClient = (api: ApiClient) => ({
  own: () => api.request<OrganisationAnswer>(OWN),
  found: (body: Founding) => api.request<RequestView>(OWN, { method: 'POST', body }),
  members: async () => (await api.request<MembersAnswer>(`${OWN}/members`)).members,
  changeMember: (id: string, body: MemberChange) =>
    api.request<MemberView>(member(id), { method: 'PUT', body }),
  handOver: (id: string, role: MemberRole) =>
    api.request<MemberView>(`${member(id)}/administration`, { method: 'POST', body: { role } }),
  inviteAgain: (id: string) =>
    api.request<void>(`${member(id)}/link`, { method: 'POST', body: {} }),
  removeMember: (id: string) => api.request<void>(member(id), { method: 'DELETE' }),
  accept: (id: string) => api.request<void>(invitation(id), { method: 'POST', body: {} }),
  decline: (id: string) => api.request<void>(invitation(id), { method: 'DELETE' }),
  leave: () => api.request<void>(`${OWN}/membership`, { method: 'DELETE' }),
  requests: async () => (await api.request<RequestsAnswer>(`${OWN}/requests`)).requests,
  ask: (body: AccountsRequest) =>
    api.request<RequestView>(`${OWN}/requests`, { method: 'POST', body }),
  queue: (status: RequestStatus, cursor: string | null) => {
    const more = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    return api.request<RequestsAnswer>(`${QUEUE}?status=${status}${more}`);
  },
  grant: (id: string) =>
    api.request<RequestView>(`${request(id)}/grant`, { method: 'POST', body: {} }),
  refuse: (id: string, reason: string) =>
    api.request<RequestView>(`${request(id)}/refusal`, { method: 'POST', body: { reason } }),
});
