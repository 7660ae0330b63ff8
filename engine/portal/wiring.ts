/**
 * What the portal serves: every room's routes, in one server. Who may call is decided by the guard,
 * whose objects are whose by the rooms.
 */
import { accountRoomRoutes } from './accounts/index.ts';
import { accountStore } from './accounts/store.ts';
import { modelRoutes } from './applications/model-routes.ts';
import { applicationRoutes } from './applications/routes.ts';
import { formOf } from './applications/service.ts';
import { applicationStore, mergedValues } from './applications/store.ts';
import { attachmentRoutes } from './attachments/routes.ts';
import { attachmentStore } from './attachments/store.ts';
import { calendarRoutes } from './calendar/routes.ts';
import { createAudit } from './control-room/audit.ts';
import { mailGauges } from './control-room/mail-gauges.ts';
import { controlRoomRoutes } from './control-room/routes.ts';
import { deviceRoutes } from './devices/routes.ts';
import { draftingRoutes } from './drafting/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { deskView, helpdeskRoutes } from './helpdesk/index.ts';
import { deskToolRoutes } from './helpdesk-tools/index.ts';
import { addDownloads } from './http/downloads.ts';
import { entryRoute } from './http/entry-route.ts';
import { addGuard, cookieNameOf } from './http/guard.ts';
import { createLimiters } from './http/limits.ts';
import { publicRoutes } from './http/public-routes.ts';
import type { Server } from './http/server.ts';
import { addStaffReading } from './http/staff-reading.ts';
import { addUi } from './http/ui.ts';
import { importRoutes } from './imports/index.ts';
import { noticeRoutes } from './notices/routes.ts';
import { createNotices } from './notices/service.ts';
import { openIdRoutes } from './openid/routes.ts';
import { organisationRoutes } from './organisations/index.ts';
import type { PortalOptions } from './portal.ts';
import { rankingRoutes } from './ranking/routes.ts';
import { createRankingService } from './ranking/service.ts';
import { rehearsalRoutes } from './rehearsals/routes.ts';
import type { Rooms } from './rooms.ts';
import { searchRoutes } from './search/index.ts';

interface Wiring {
  readonly options: PortalOptions;
  readonly rooms: Rooms;
  readonly publicUrl: () => string;
}

/** Adds all routes: the guard first, the web application last. */
export async function addRoutes(
  server: Server,
  { options, rooms, publicUrl }: Wiring,
): Promise<void> {
  const { config, database, mail, key, gates, clock, models } = options;
  const { sessions, account, calendar, applications, imports, search } = rooms;
  const { kept, events, gauges } = rooms.freshness;
  const isSecure = config.tls !== undefined || config.publicUrl?.startsWith('https:') === true;
  const cookieName = cookieNameOf(isSecure);
  const limiters = createLimiters(server, config.limits);
  const counts = () => ({
    accounts: accountStore(database).count(),
    applications: applications.counts(),
  });
  addGuard(server, {
    ...{ sessions, cookieName, publicOrigin: () => originOf(publicUrl()) },
    needsSecondFactor: account.secondFactor.isMissing,
    seen: account.ownSessions.seen,
  });
  addStaffReading(server, createAudit(options));
  accountRoomRoutes(server, account, { limiters, cookieName, isSecure });
  const label = config.openId?.label ?? null;
  const { openId, devices } = rooms;
  const { note } = account.ownSessions;
  openIdRoutes(server, { openId, label, sessions, clock, limiters, cookieName, isSecure, note });
  deviceRoutes(server, { devices, limiters, note });
  const codes = models.list().map((form) => form.code);
  calendarRoutes(server, { calendar, key, gates, models: codes });
  modelRoutes(server, models);
  rehearsalRoutes(server, {
    ...{ ...rooms.rehearsals, key, clock, random: options.random, limit: limiters.practice },
    readRehearsal: options.readRehearsal,
    makeReceipt: options.makeRehearsalReceipt,
  });
  noticeRoutes(server, createNotices({ ...options, audit: createAudit(options) }));
  const { deskTools: tools, deskWork: work, helpdesk } = rooms;
  deskToolRoutes(server, { tools, work, view: (row) => deskView(helpdesk, row) });
  const makePreview = (id: string) => preview(options, id);
  organisationRoutes(server, { ...options, sessions, limits: config.limits, publicUrl });
  const { readReceipt } = options;
  const made = { applications, kept, passbooks: options, search: search.search };
  applicationRoutes(server, { ...made, readReceipt, makePreview });
  searchRoutes(server, { ...search, timers: options.timers });
  eventRoutes(server, events, sessions);
  const papers = { readReceipt, makePreview, limit: limiters.upload };
  await helpdeskRoutes(server, rooms.helpdesk, papers);
  await importRoutes(server, imports.service);
  draftingRoutes(server, rooms.drafting);
  await attachmentRoutes(server, { attachments: rooms.attachments, limit: limiters.upload });
  const audit = createAudit(options);
  controlRoomRoutes(server, { mail, status: options.status, counts, audit });
  const { verificationKeys, receiptCounts } = options;
  const outside = { mailCounts: mail.counts, counts, receiptCounts, verificationKeys };
  const allGauges = { ...gauges, ...mailGauges(mail, rooms.mailbox) };
  publicRoutes(server, { clock, ...outside, gauges: allGauges, registry: options.registry });
  entryRoute(server, { readEntry: options.readEntry, limit: limiters.entry });
  await addDownloads(server, options.downloadsDirectory);
  const { rankings, timers } = options;
  const service = createRankingService({ rankings, calendar });
  rankingRoutes(server, { service, rankings, timers, limiters });
  await addUi(server, options.uiDirectory);
}

/**
 * The caller has been checked: this looks at no owner. What draws is half a second to load, so it
 * is not part of every program that has a portal; `loadDrawing` has it there before anybody asks.
 */
async function preview({ database, models }: PortalOptions, id: string): Promise<Uint8Array> {
  const { previewPdf } = await import('./applications/preview.ts');
  const store = applicationStore(database);
  const row = store.byId(id);
  if (!row) throw new Error(`application ${id} is gone`);
  const owner = accountStore(database).byId(row.account);
  return previewPdf({
    id,
    models,
    form: formOf(models, row),
    values: mergedValues(store.pages(id)),
    language: owner?.language === 'en' ? 'en' : 'it',
    isDraft: row.status === 'draft',
    attached: attachmentStore(database).of(id),
  });
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}
