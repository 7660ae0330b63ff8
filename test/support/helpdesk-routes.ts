/** The routes of the help desk's core, for tests that go through every route of the API. */

const STEPS = ['accept', 'take', 'analyse', 'ask', 'answer', 'close', 'reopen'] as const;
const TICKET = '/api/desk/tickets/{id}';

export const HELPDESK_ROUTES: readonly string[] = [
  ...['GET /api/tickets', 'POST /api/tickets', 'GET /api/tickets/{id}'],
  ...['messages', 'close', 'reopen', 'attachments'].map((one) => `POST /api/tickets/{id}/${one}`),
  'GET /api/tickets/{id}/attachments/{attachment}',
  ...['GET /api/desk/tickets', 'POST /api/desk/tickets', 'GET /api/desk/queues'],
  'GET /api/desk/tags',
  ...['GET /api/desk/callers', `GET ${TICKET}`, `PATCH ${TICKET}`, `GET ${TICKET}/subject`],
  ...[...STEPS, 'notes', 'seen', 'attachments'].map((one) => `POST ${TICKET}/${one}`),
  `GET ${TICKET}/attachments/{attachment}`,
  ...['receipt', 'preview'].map((one) => `GET ${TICKET}/applications/{application}/${one}.pdf`),
];
