/**
 * The door of the desk's tools. They are made in two halves, since each needs something of the
 * other side:
 *
 *   createDeskTools ──forCore──► createHelpdesk ──core──► createDeskWork
 *   teams, hours, incidents …    tickets, actions         joining, bulk, what runs on
 */
import type { DeskTicket } from '#protocol/desk-api.ts';
import type { TicketRow } from '../../store/database/index.ts';
import type { DeskTools } from '../helpdesk/tools.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import { articleRoutes } from './articles/routes.ts';
import { seedArticles } from './articles/seeding.ts';
import { createArticles } from './articles/service.ts';
import { bulkJob } from './bulk/job.ts';
import { bulkRoutes } from './bulk/routes.ts';
import { createBulk } from './bulk/service.ts';
import { cannedRoutes } from './canned/routes.ts';
import { createCanned } from './canned/service.ts';
import type { DeskCore } from './core.ts';
import { createDeskClocks } from './hours/desk-clocks.ts';
import { hoursRoutes } from './hours/routes.ts';
import { createHours } from './hours/service.ts';
import { incidentJob } from './incidents/job.ts';
import { incidentRoutes } from './incidents/routes.ts';
import { createIncidents } from './incidents/service.ts';
import { renewalJob } from './jobs/renewal.ts';
import { createJobRunner } from './jobs/runner.ts';
import { type JobName, jobStore } from './jobs/store.ts';
import { joiningRoutes } from './joining/routes.ts';
import { createJoining } from './joining/service.ts';
import type { JobParts } from './parts.ts';
import { createPresence } from './presence/presence.ts';
import { presenceRoute } from './presence/routes.ts';
import { publicRoute } from './public-route.ts';
import { statisticsRoutes } from './statistics/routes.ts';
import { createStatistics } from './statistics/service.ts';
import { teamRoutes } from './teams/routes.ts';
import { createTeams } from './teams/service.ts';

export interface DeskToolParts extends JobParts {
  readonly publicUrl: () => string;
  /** Of one account by the form; what the form says beforehand. */
  readonly ticketsAnHour: number;
  readonly keptDays: number;
}

export type DeskToolRooms = ReturnType<typeof createDeskTools>;
export type DeskWork = ReturnType<typeof createDeskWork>;

const RETRY_MS = 10_000;

/** What needs no ticket: the first half. */
export function createDeskTools(parts: DeskToolParts) {
  const { database, clock, random } = parts;
  const jobs = jobStore(database);
  const begin = (kind: JobName, account: string, detail: unknown) => {
    const job = { id: random.id(), kind, account, detail, total: 0, nowUs: clock.nowUs() };
    if (!jobs.insert(job)) throw new Refusal('BUSY', { retryAfterMs: RETRY_MS });
  };
  const hours = createHours({
    ...parts,
    renew: (by) => {
      jobs.drop('hours', clock.nowUs());
      begin('hours', by, {});
    },
  });
  const clocks = createDeskClocks(database, hours.current);
  const teams = createTeams(parts);
  const incidents = createIncidents({ ...parts, tell: (by, news) => begin('incident', by, news) });
  const articles = createArticles(parts);
  seedArticles(database, articles);
  const settings = () => hours.current().settings;
  const statistics = createStatistics({ ...parts, hours: settings });
  const forCore: DeskTools = {
    clocks,
    teamFor: ({ kind }) => teams.forKind(kind),
    isTeam: teams.exists,
    isIncident: incidents.exists,
  };
  const rooms = { hours, clocks, teams, incidents, articles, statistics };
  return { ...rooms, parts, forCore, canned: createCanned(parts), presence: createPresence(clock) };
}

/** What changes tickets: the second half. Work that was left goes on. */
export function createDeskWork(tools: DeskToolRooms, core: DeskCore) {
  const { parts, clocks, incidents } = tools;
  const { database } = parts;
  const runner = createJobRunner(parts, {
    bulk: bulkJob(database, core),
    incident: incidentJob({ ...parts, core }),
    hours: renewalJob(database, clocks),
  });
  runner.wake();
  return {
    runner,
    bulk: createBulk({ ...parts, incidents }),
    joining: createJoining({ ...parts, core }),
    close: async () => {
      await runner.close();
      await tools.statistics.close();
    },
  };
}

/** Adds the routes. `view`: a ticket as its operators see it. */
export function deskToolRoutes(server: Server, { tools, work, view }: DeskToolRoutesParts): void {
  const { parts, hours, incidents, statistics } = tools;
  const { wake } = work.runner;
  publicRoute(server, { ...parts, hours, incidents, statistics });
  articleRoutes(server, tools.articles);
  incidentRoutes(server, incidents, wake);
  cannedRoutes(server, tools.canned);
  teamRoutes(server, tools.teams);
  hoursRoutes(server, hours, wake);
  statisticsRoutes(server, statistics);
  presenceRoute(server, tools.presence, parts.database);
  joiningRoutes(server, { joining: work.joining, view, wake: parts.mail.wake });
  bulkRoutes(server, work.bulk, wake);
}

export interface DeskToolRoutesParts {
  readonly tools: DeskToolRooms;
  readonly work: DeskWork;
  readonly view: (row: TicketRow) => DeskTicket;
}
