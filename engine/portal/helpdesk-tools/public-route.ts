/**
 * What the form and its pages need before anybody writes: incidents, whether the desk works now,
 * what it promises, how many tickets may be opened. For anyone, and cheap: a few rows, and figures
 * that are kept in memory.
 */
import { HelpdeskAnswer } from '#protocol/helpdesk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Server } from '../http/server.ts';
import type { Hours } from './hours/service.ts';
import type { Incidents } from './incidents/service.ts';
import type { Statistics } from './statistics/service.ts';

interface Parts {
  readonly clock: { nowUs(): number };
  readonly hours: Hours;
  readonly incidents: Incidents;
  readonly statistics: Statistics;
  readonly ticketsAnHour: number;
  readonly keptDays: number;
}

const MINUTES_AN_HOUR = 60;

/** Adds the route. */
export function publicRoute(server: Server, parts: Parts): void {
  const { clock, hours, incidents, statistics, ticketsAnHour, keptDays } = parts;
  server.get('/api/helpdesk', {
    config: { access: 'anyone' },
    schema: { summary: 'The help desk now', response: { 200: HelpdeskAnswer } },
    handler: async (request) => {
      const nowUs = clock.nowUs();
      const { time, settings } = hours.current();
      const changesUs = time.changesAt(nowUs);
      const minutes = Object.values(settings.targets).map((each) => each.firstResponseMinutes);
      return {
        incidents: incidents.shown(request.caller?.account.id ?? null),
        isOpen: time.isOpen(nowUs),
        changesAt: changesUs === null ? null : isoFromUs(changesUs),
        firstResponseHours: Math.ceil(Math.max(...minutes) / MINUTES_AN_HOUR),
        firstResponseMinutesNow: statistics.responseMinutesNow(),
        ticketsAnHour,
        keptDays,
      };
    },
  });
}
