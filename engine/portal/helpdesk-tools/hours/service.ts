/**
 * The hours of the desk: when it works, what it promises, and when it warns. One set, kept as a
 * setting; administrators write it. A change applies to every open ticket (a job in the background
 * reckons their dues anew); what is closed was judged by the hours of its time.
 */
import type { DeskHours } from '#protocol/desk-tools-api.ts';
import { readSetting, writeSetting } from '../../control-room/setting.ts';
import { Refusal } from '../../http/refusal.ts';
import type { ToolParts } from '../parts.ts';
import { hoursProblems } from './check.ts';
import { createWorkingTime, type WorkingTime } from './working-time.ts';

export interface HoursInForce {
  readonly settings: DeskHours;
  readonly time: WorkingTime;
}

export interface Hours {
  current(): HoursInForce;
  /** Refuses REQUEST_INVALID with what is wrong. */
  change(by: string, hours: DeskHours): DeskHours;
}

interface Parts extends ToolParts {
  /** The dues of open tickets are to be reckoned anew; joins the open transaction. */
  readonly renew: (by: string) => void;
}

const KEY = 'helpdesk.hours';
const DAY = [{ from: '08:00', until: '18:00' }];

/** Until an administrator says otherwise. */
export const HOURS_DEFAULT: DeskHours = {
  week: [DAY, DAY, DAY, DAY, DAY, [], []],
  extra: [],
  targets: {
    technical: { firstResponseMinutes: 240, solutionMinutes: 1200 },
    functional: { firstResponseMinutes: 480, solutionMinutes: 1800 },
    legal: { firstResponseMinutes: 600, solutionMinutes: 3000 },
  },
  warningShare: 0.75,
};

/** The hours in `database`. Only this process writes them, so they are read once. */
export function createHours({ database, audit, renew }: Parts): Hours {
  let inForce = inForceOf(storedHours(database));
  return {
    current: () => inForce,
    change: (by, hours) => {
      const errors = hoursProblems(hours);
      if (errors.length > 0) throw new Refusal('REQUEST_INVALID', { errors });
      database.transaction(() => {
        writeSetting(database, KEY, JSON.stringify(hours));
        const detail = { before: inForce.settings, change: hours };
        audit({ account: by, action: 'hours.change', subject: 'helpdesk', detail });
        renew(by);
      });
      inForce = inForceOf(hours);
      return hours;
    },
  };
}

function inForceOf(settings: DeskHours): HoursInForce {
  return { settings, time: createWorkingTime(settings) };
}

function storedHours(database: Parameters<typeof readSetting>[0]): DeskHours {
  const text = readSetting(database, KEY);
  return text === null ? HOURS_DEFAULT : (JSON.parse(text) as DeskHours);
}
