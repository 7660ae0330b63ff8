/**
 * The rooms of the portal, made and given what they use of each other. None is served before its
 * routes are added (wiring.ts).
 */
import { createAccountRoom } from './accounts/index.ts';
import { createApplicationService } from './applications/service.ts';
import { createAttachments } from './attachments/service.ts';
import { type Calendar, createCalendar } from './calendar/service.ts';
import { createAudit } from './control-room/audit.ts';
import { createDevices } from './devices/service.ts';
import { createDrafting } from './drafting/service.ts';
import { createFreshness } from './freshness.ts';
import { createHelpdesk } from './helpdesk/index.ts';
import { createDeskTools, createDeskWork } from './helpdesk-tools/index.ts';
import { createImports } from './imports/index.ts';
import { createMailboxOf } from './mailbox/index.ts';
import { createOpenId } from './openid/service.ts';
import type { PortalOptions } from './portal.ts';
import { createRehearsalWindows } from './rehearsals/windows.ts';
import { createSearch } from './search/index.ts';
import { createSessions } from './session/index.ts';
import type { PracticeConfig } from './settings.ts';

const NO_PRACTICE: PracticeConfig = { kind: 'no', rest: { beforeUs: 0, afterUs: 0 } };

/** Everything the portal consists of; `publicUrl` is known once it listens. */
export function createRooms(options: PortalOptions, publicUrl: () => string) {
  const { config } = options;
  const { limits } = config;
  const durations = { cookie: limits.cookieSessionMs, bearer: limits.bearerSessionMs };
  const sessions = createSessions({ ...options, durations });
  const audit = createAudit(options);
  const account = createAccountRoom({ ...options, sessions, publicUrl });
  const practice = config.practice ?? NO_PRACTICE;
  const publish = () => calendar.publish();
  const windows = createRehearsalWindows({ ...options, audit, practice, publish });
  const calendar: Calendar = createCalendar({ ...options, audit, rehearsals: windows.onWire });
  const applications = createApplicationService({ ...options, calendar });
  const imports = createImports({ ...options, calendar });
  const search = createSearch({ ...options, audit });
  const drafting = createDrafting({ ...options, calendar, audit }, applications);
  const directory = options.attachmentsDirectory;
  const attachments = createAttachments({ ...options, directory, limits });
  const devices = createDevices({ ...options, sessions, publicUrl });
  const desk = { ...options, audit, publicUrl, limits: config.helpdesk };
  const deskTools = createDeskTools({ ...options, ...config.helpdesk, audit, publicUrl });
  const mailbox = createMailboxOf(options);
  const threading = mailbox === null ? {} : { threading: mailbox.threading };
  const made = { ...desk, ...threading, directory, fileLimits: limits };
  const helpdesk = createHelpdesk({ ...made, tools: deskTools.forCore });
  const deskWork = createDeskWork(deskTools, helpdesk);
  const openId = config.openId
    ? createOpenId({ ...options, openId: config.openId, sessions, calendar, limits, publicUrl })
    : null;
  const freshness = createFreshness(options, sessions);
  const people = { sessions, account, devices, openId };
  const forms = { applications, imports, drafting, attachments };
  const help = { helpdesk, deskTools, deskWork, mailbox };
  const rehearsals = { windows, practice };
  return { ...people, ...forms, ...help, calendar, rehearsals, search, freshness };
}

export type Rooms = ReturnType<typeof createRooms>;
