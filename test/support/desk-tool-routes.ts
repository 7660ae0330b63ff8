/** Every route of the desk's tools, each with a body that passes its schema. */
import { HOURS_DEFAULT } from '#engine/portal/helpdesk-tools/hours/service.ts';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
export const both = (it: string, en = `${it} in English`) => ({ it, en });
export const INCIDENT = {
  title: both('Accesso lento'),
  text: both('Stiamo lavorando.'),
  kind: 'technical',
  isResolved: false,
} as const;
export const ARTICLE = {
  slug: 'una-prova',
  kind: 'legal',
  title: both('La perché-prova'),
  body: both('Testo con **parole** e <b>segni</b>.'),
  isPublished: true,
} as const;
const GREETING = both('Ciao {{name}}', 'Hello {{name}}');
export const CANNED = { title: 'Saluto', kind: null, text: GREETING };
export const TEAM = { name: 'Primo livello', kind: null, members: [] as string[] };

export type Route = readonly [method: string, path: string, body?: unknown];
/** For operators. */
export const STAFF_ROUTES: readonly Route[] = [
  ['GET', '/api/desk/canned'],
  ['POST', '/api/desk/canned', CANNED],
  ['PUT', `/api/desk/canned/${ID}`, CANNED],
  ['DELETE', `/api/desk/canned/${ID}`],
  ['GET', '/api/desk/teams'],
  ['GET', '/api/desk/incidents'],
  ['POST', '/api/desk/incidents', INCIDENT],
  ['PUT', `/api/desk/incidents/${ID}`, INCIDENT],
  ['GET', '/api/desk/articles'],
  ['POST', '/api/desk/articles', ARTICLE],
  ['PUT', '/api/desk/articles/nothing', ARTICLE],
  ['DELETE', '/api/desk/articles/nothing'],
  ['GET', '/api/desk/hours'],
  ['GET', '/api/desk/statistics'],
  ['GET', '/api/desk/statistics.csv'],
  ['POST', `/api/desk/tickets/${ID}/presence`, { state: 'reading' }],
  ['POST', `/api/desk/tickets/${ID}/merge`, { version: 1, into: ID }],
  ['POST', `/api/desk/tickets/${ID}/unmerge`, { version: 1 }],
  [
    'POST',
    `/api/desk/tickets/${ID}/split`,
    { version: 1, messages: [ID], subject: 'Oggetto', kind: 'legal' },
  ],
  ['POST', '/api/desk/bulk', { tickets: [ID], action: 'close' }],
  ['GET', `/api/desk/bulk/${ID}`],
];
export const ADMINISTRATOR_ROUTES: readonly Route[] = [
  ['POST', '/api/desk/teams', TEAM],
  ['PUT', `/api/desk/teams/${ID}`, TEAM],
  ['DELETE', `/api/desk/teams/${ID}`],
  ['PUT', '/api/desk/hours', HOURS_DEFAULT],
  ['POST', `/api/desk/tickets/${ID}/erase`, { version: 1 }],
];

const OTHERS = [
  'GET /api/helpdesk',
  'GET /api/articles',
  'GET /api/articles/{slug}',
  'POST /api/incidents/{id}/follow',
  'DELETE /api/incidents/{id}/follow',
];

/** All of them, as the OpenAPI document names them. */
export const TOOL_ROUTES: readonly string[] = [
  ...[...STAFF_ROUTES, ...ADMINISTRATOR_ROUTES].map(([method, path]) => {
    return `${method} ${path.replace(ID, '{id}').replace('nothing', '{slug}')}`;
  }),
  ...OTHERS,
];
