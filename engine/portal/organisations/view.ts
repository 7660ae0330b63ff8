/** A request as those who asked and those who decide see it. */
import type { FoundingWish, OrganisationKind, RequestView } from '#protocol/organisations-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Database } from '../../store/database/index.ts';
import { accountStore } from '../accounts/store.ts';
import type { AccountsWish } from './requests.ts';
import { organisationStore, type RequestRow } from './store.ts';

/** Its members are looked up anew: what is shown is how it stands now. */
export function requestView(database: Database, row: RequestRow): RequestView {
  const accounts = accountStore(database);
  const asker = row.requested_by === null ? undefined : accounts.byId(row.requested_by);
  const wish = JSON.parse(row.wish_json) as FoundingWish | AccountsWish;
  const name = asker && `${asker.given_name} ${asker.family_name}`.trim();
  return {
    id: row.id,
    kind: row.kind as RequestView['kind'],
    status: row.status as RequestView['status'],
    requestedBy: asker ? { email: asker.email, name: name ?? '' } : null,
    ...organisationFacts(database, row, wish),
    base: 'base' in wish ? (accounts.byId(wish.base)?.email ?? null) : null,
    accounts: 'accounts' in wish ? [...wish.accounts] : [],
    note: row.note,
    reason: row.reason,
    createdAt: isoFromUs(row.created_at_us),
    decidedAt: row.decided_at_us === null ? null : isoFromUs(row.decided_at_us),
  };
}

function organisationFacts(
  database: Database,
  row: RequestRow,
  wish: FoundingWish | AccountsWish,
): Pick<RequestView, 'organisation' | 'members'> {
  const store = organisationStore(database);
  const known = row.organisation === null ? undefined : store.byId(row.organisation);
  if (!known) {
    const { name = '', kind = 'association', taxCode = '' } = wish as Partial<FoundingWish>;
    return { organisation: { name, kind, taxCode }, members: 0 };
  }
  const kind = known.kind as OrganisationKind;
  const organisation = { name: known.name, kind, taxCode: known.tax_code };
  return { organisation, members: store.memberCount(known.id) };
}
