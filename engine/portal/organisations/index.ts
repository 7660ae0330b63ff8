/** The door of organisations: their routes, and the rule that somebody always manages. */
export { requireAdministrator } from './members.ts';
export { organisationRoutes } from './routes.ts';
