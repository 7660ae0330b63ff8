/**
 * What organisations ask of an operator, and what becomes of it.
 *
 *   a private person asks for an organisation ──┐              ┌─ granted: it is made, or the
 *                                               ├─► waiting ───┤           accounts are
 *   an administrator asks for more accounts ────┘              └─ refused, with a reason
 *
 * An organisation lifts the bound on applications, so nobody makes one alone. When it is granted,
 * who asked becomes its administrator, and what they had begun becomes the organisation's.
 */
import type {
  AccountsRequest,
  Founding,
  FoundingWish,
  MemberRole,
  OrganisationView,
  RequestStatus,
  RequestView,
  WishedAccount,
} from '#protocol/organisations-api.ts';
import { MEMBERS_MAX } from '#protocol/organisations-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { AccountsTable } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';
import { foundingWish, wishedAccounts } from './checks.ts';
import { decide } from './decision.ts';
import { managedBy, note, type OrganisationParts } from './parts.ts';
import { organisationStore, type RequestRow } from './store.ts';
import { requestView } from './view.ts';

export interface Requests {
  /** The caller's organisation, null for a private person. */
  organisationOf(caller: AccountsTable): OrganisationView | null;
  /** A private person's last request for an organisation. */
  foundingOf(caller: AccountsTable): RequestView | null;
  /** Refuses MEMBER_ALREADY, REQUESTS_WAITING, REQUEST_INVALID. */
  found(caller: AccountsTable, body: Founding): RequestView;
  /** Refuses BASE_ACCOUNT_GONE, REQUESTS_WAITING, MEMBERS_LIMIT, REQUEST_INVALID. */
  ask(caller: AccountsTable, body: AccountsRequest): RequestView;
  /** The newest of the caller's organisation. */
  own(caller: AccountsTable): RequestView[];
  /** For operators: oldest first. */
  queue(wish: { status: RequestStatus; cursor?: string | undefined; limit: number }): {
    requests: RequestView[];
    next: string | null;
  };
  /**
   * Refuses NOT_FOUND, REQUEST_DECIDED, INVITED_ADDRESS_TAKEN, BASE_ACCOUNT_GONE, MEMBERS_LIMIT.
   */
  decide(operator: AccountsTable, id: string, refusal: string | null): RequestView;
}

/** What `wish_json` holds when more accounts are asked for. */
export interface AccountsWish {
  readonly base: string;
  readonly accounts: readonly WishedAccount[];
}

const WAITING_MAX = 5;
const OWN_SHOWN_MAX = 50;

/** The requests, in `database`. */
export function createRequests(parts: OrganisationParts): Requests {
  const { database } = parts;
  const store = organisationStore(database);
  const view = (row: RequestRow) => requestView(database, row);
  return {
    organisationOf: (caller) => organisationOf(parts, caller),
    foundingOf: (caller) => {
      const row = caller.organisation === null ? store.lastFounding(caller.id) : undefined;
      return row ? view(row) : null;
    },
    found: (caller, body) => view(found(parts, caller, body)),
    ask: (caller, body) => view(ask(parts, caller, body)),
    own: (caller) => store.requestsOf(managedBy(caller), OWN_SHOWN_MAX).map(view),
    queue: ({ limit, ...wish }) => {
      const rows = store.queue({ ...wish, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const next = rows.length > limit ? (shown.at(-1)?.id ?? null) : null;
      return { requests: shown.map(view), next };
    },
    decide: (operator, id, refusal) => view(decide(parts, { operator, id, refusal })),
  };
}

function organisationOf(
  { database }: OrganisationParts,
  caller: AccountsTable,
): OrganisationView | null {
  const store = organisationStore(database);
  const row = caller.organisation === null ? undefined : store.byId(caller.organisation);
  if (!row) return null;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as OrganisationView['kind'],
    taxCode: row.tax_code,
    role: caller.member_role as MemberRole,
    createdAt: isoFromUs(row.created_at_us),
  };
}

function found(parts: OrganisationParts, caller: AccountsTable, body: Founding): RequestRow {
  if (caller.organisation !== null) throw new Refusal('MEMBER_ALREADY');
  const wish = foundingWish(body);
  const store = organisationStore(parts.database);
  return parts.database.transaction(() => {
    if (store.lastFounding(caller.id)?.status === 'waiting') throw new Refusal('REQUESTS_WAITING');
    const asked = { kind: 'organisation', organisation: null, note: body.note ?? '' };
    return write(parts, caller, { ...asked, wish });
  });
}

function ask(parts: OrganisationParts, caller: AccountsTable, body: AccountsRequest): RequestRow {
  const organisation = managedBy(caller);
  const accounts = wishedAccounts(body);
  const store = organisationStore(parts.database);
  return parts.database.transaction(() => {
    if (!store.member(organisation, body.base)) throw new Refusal('BASE_ACCOUNT_GONE');
    if (store.waitingCount(organisation) >= WAITING_MAX) throw new Refusal('REQUESTS_WAITING');
    if (store.memberCount(organisation) + accounts.length > MEMBERS_MAX) {
      throw new Refusal('MEMBERS_LIMIT');
    }
    const wish: AccountsWish = { base: body.base, accounts };
    return write(parts, caller, { kind: 'accounts', organisation, wish, note: body.note ?? '' });
  });
}

function write(
  parts: OrganisationParts,
  caller: AccountsTable,
  asked: Pick<RequestRow, 'kind' | 'organisation' | 'note'> & { wish: FoundingWish | AccountsWish },
): RequestRow {
  const { wish, ...values } = asked;
  const row: RequestRow = {
    ...values,
    id: parts.random.id(),
    requested_by: caller.id,
    wish_json: JSON.stringify(wish),
    note: asked.note.trim(),
    status: 'waiting',
    reason: null,
    decided_by: null,
    created_at_us: parts.clock.nowUs(),
    decided_at_us: null,
  };
  organisationStore(parts.database).insertRequest(row);
  const detail = 'accounts' in wish ? { accounts: wish.accounts.length } : wish;
  note(parts, { account: caller.id, action: `${row.kind}.asked`, subject: row.id, detail });
  return row;
}
