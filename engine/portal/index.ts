/**
 * The door of the portal: registration, drafting, passbooks, receipts, administration over HTTP.
 *
 * The click day itself does not pass here: with the portal dead, gates go on. What the gates need
 * of it (the calendar, the public key) lies on their disk before the day.
 */
import type { Portal, PortalOptions } from './portal.ts';

export { resetLostSecondFactor } from './accounts/second-factor-reset.ts';
export { createStaffAccount, hasAdministrator, type StaffRequest } from './accounts/staff.ts';
export { openVault, type Vault } from './accounts/vault.ts';
export { createReceiptFacts } from './applications/receipt-facts.ts';
export { begunModels } from './applications/store.ts';
export type {
  RegisteredEntry,
  Submissions,
  SubmittedRow,
} from './applications/submissions.ts';
export { keySetOf, type NoticePaths, publishNotice, signCalendar } from './calendar/notice.ts';
export { createCalendar } from './calendar/service.ts';
export { createAudit } from './control-room/audit.ts';
export { type ExportRow, exportedApplications, exportedAudit } from './control-room/export.ts';
export type { OutsideStatus } from './control-room/routes.ts';
export { createFixture, type FixtureLine, type FixtureOptions } from './fixture.ts';
export { exportedTickets } from './helpdesk/export.ts';
export { type HelpdeskLimits, helpdeskLimits } from './helpdesk/limits.ts';
export {
  HistoryColumnsWrong,
  type HistoryProgress,
  type HistoryTally,
  importHistory,
} from './history/index.ts';
export { loadOrCreateKey } from './key.ts';
export { loadModels, type Models, ModelsInvalid } from './models/index.ts';
export type { Portal, PortalOptions } from './portal.ts';
export { createSessions } from './session/index.ts';
export {
  type OpenIdConfig,
  type PortalConfig,
  type PortalLimits,
  portalLimits,
} from './settings.ts';

/**
 * Builds the portal; nothing is served before `listen`. Its server is loaded when somebody wants
 * one: a command that only looks into the database starts in half the time without it.
 */
export async function createPortal(options: PortalOptions): Promise<Portal> {
  const portal = await import('./portal.ts');
  return portal.createPortal(options);
}

/**
 * Loads what draws previews. A portal that serves people awaits this before it listens: loading
 * takes some hundred milliseconds, in which nobody would be answered.
 */
export async function loadDrawing(): Promise<void> {
  await import('./applications/preview.ts');
}
