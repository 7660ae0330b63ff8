/** Copying an application, its way with its times, its outcome, others that concern the same. */
import type {
  Alike,
  AlikeGroupsAnswer,
  CopyWish,
  OutcomeWish,
  Way,
} from '#protocol/drafting-api.ts';
import type { FormDefinition } from '#protocol/forms/index.ts';
import type { Application } from '#protocol/portal-api.ts';
import type { AccountsTable } from '../../store/database/index.ts';
import { requireReached } from '../applications/reach.ts';
import { refreshDraft } from '../applications/refresh.ts';
import { type ApplicationParts, type ApplicationService, formOf } from '../applications/service.ts';
import {
  type ApplicationRow,
  applicationStore,
  mergedValues,
  type PageRow,
} from '../applications/store.ts';
import type { Audit } from '../control-room/audit.ts';
import { copiedPages } from './copy.ts';
import { applicationEvents } from './events.ts';
import { alikeGroups, alikeOf } from './sameness.ts';
import { wayOf } from './way.ts';

export interface DraftingService {
  /** Refuses MODEL_UNKNOWN when the form is not offered any more, APPLICATIONS_LIMIT. */
  copy(account: AccountsTable, id: string, wish: CopyWish): Application;
  way(account: AccountsTable, id: string): Way;
  /** The office's word; a later one takes the place of an earlier, both stay recorded. */
  decide(account: AccountsTable, id: string, wish: OutcomeWish): Way;
  alike(account: AccountsTable, id: string): Alike[];
  groups(account: AccountsTable): AlikeGroupsAnswer['groups'];
}

const ALIKE_MAX = 20;
const GROUPS_MAX = 100;
const EVENTS_MAX = 100;

/** Over the same database as `applications`. */
export function createDrafting(
  parts: ApplicationParts & { readonly audit: Audit },
  applications: ApplicationService,
): DraftingService {
  const { database, clock, random, models, audit } = parts;
  const store = applicationStore(database);
  const events = applicationEvents(database, random);
  const find = (caller: AccountsTable, id: string) =>
    requireReached(database, caller, { id, deed: 'read' });
  const asked = (caller: AccountsTable, limit: number) => ({ caller, limit, nowUs: clock.nowUs() });
  return {
    copy: (account, id, { what }) =>
      database.transaction(() => {
        const source = find(account, id);
        const made = applications.create(account, source.model, source.organisation);
        const row = store.byId(made.id);
        if (!row) throw new Error(`application ${made.id} is gone`);
        const form = formOf(models, row);
        const nowUs = clock.nowUs();
        const pages = copiedPages(form, mergedValues(store.pages(id)), what).map((page) => ({
          ...{ application: row.id, number: page.number, complete: 0, version: 1 },
          ...{ values_json: JSON.stringify(page.values), saved_at_us: nowUs },
        }));
        if (pages.length > 0) store.insertPages(pages);
        refreshDraft(parts, { row, form, nowUs, account: account.id });
        const detail = { from: id, what };
        events.add({
          ...{ application: row.id, kind: 'copied', atUs: nowUs, account: account.id, detail },
        });
        return applications.read(account, row.id);
      }),
    way: (account, id) => wayOfRow(find(account, id)),
    decide: (account, id, { outcome, note = '' }) =>
      database.transaction(() => {
        const row = requireReached(database, account, { id, deed: 'decide' });
        const atUs = clock.nowUs();
        const detail = { outcome, ...(note.trim() === '' ? {} : { note: note.trim() }) };
        events.add({ application: id, kind: 'outcome', atUs, account: account.id, detail });
        // So that pages which show the application hear of it.
        store.update(id, { updated_at_us: atUs });
        audit({
          account: account.id,
          action: 'application.outcome',
          subject: id,
          detail: { outcome },
        });
        return wayOfRow(row);
      }),
    alike: (account, id) => {
      const whose = find(account, id).organisation === null ? 'private' : undefined;
      return alikeOf(database, id, { ...asked(account, ALIKE_MAX), whose });
    },
    groups: (account) => alikeGroups(database, asked(account, GROUPS_MAX)),
  };

  function wayOfRow(row: ApplicationRow): Way {
    const { id } = row;
    const completed = events.last(id, ['completed', 'incomplete']);
    const since = completed?.kind === 'completed' ? completed.at_us : null;
    return wayOf({
      row,
      completeAtUs:
        completed === undefined ? completeSince(store.pages(id), formOf(models, row)) : since,
      forwarded: events.last(id, ['forwarded']),
      outcome: events.last(id, ['outcome']),
      isIssued: store.hasIssuedVersion(id),
      events: events.of(id, EVENTS_MAX),
    });
  }
}

/** Of applications that came complete, as imported ones do: when their pages were written. */
function completeSince(pages: readonly PageRow[], form: FormDefinition): number | null {
  const isWhole =
    pages.length === form.pages.length && pages.every(({ complete }) => complete === 1);
  return isWhole ? Math.max(...pages.map((page) => page.saved_at_us)) : null;
}
