/** An operator grants or refuses: everything that follows from it, in one transaction. */
import { type FoundingWish, MEMBERS_MAX } from '#protocol/organisations-api.ts';
import type { AccountsTable } from '../../store/database/index.ts';
import { accountStore } from '../accounts/store.ts';
import { Refusal } from '../http/refusal.ts';
import { invitationStore } from './invitation-store.ts';
import { invite } from './invitations.ts';
import { grantedLetter, refusedLetter } from './letters.ts';
import { note, type OrganisationParts, post } from './parts.ts';
import type { AccountsWish } from './requests.ts';
import { organisationStore, type RequestRow } from './store.ts';

interface Decision {
  readonly operator: AccountsTable;
  readonly id: string;
  /** Why not; null grants. */
  readonly refusal: string | null;
}

/** What a grant made: the organisation's name, and how many accounts. */
interface Granted {
  readonly organisation: string;
  readonly name: string;
  readonly accounts: readonly string[];
}

/** Decides a waiting request and mails who asked. Gives it as it is afterwards. */
export function decide(parts: OrganisationParts, { operator, id, refusal }: Decision): RequestRow {
  const { database, clock } = parts;
  const store = organisationStore(database);
  const decided = database.transaction(() => {
    const row = store.request(id);
    if (!row) throw new Refusal('NOT_FOUND');
    if (row.status !== 'waiting') throw new Refusal('REQUEST_DECIDED');
    const values = {
      status: refusal === null ? 'granted' : 'refused',
      reason: refusal,
      decided_by: operator.id,
      decided_at_us: clock.nowUs(),
      organisation: refusal === null ? grant(parts, operator, row) : row.organisation,
    };
    store.updateRequest(id, values);
    if (refusal !== null) refuse(parts, operator, { row, reason: refusal });
    return { ...row, ...values };
  });
  parts.mail.wake();
  return decided;
}

/** The organisation that has what was asked for. */
function grant(parts: OrganisationParts, operator: AccountsTable, row: RequestRow): string {
  const made =
    row.kind === 'organisation' ? foundOrganisation(parts, row) : addAccounts(parts, row);
  const detail = { organisation: made.organisation, accounts: made.accounts };
  note(parts, { account: operator.id, action: `${row.kind}.granted`, subject: row.id, detail });
  const asker = askerOf(parts, row);
  const said = { organisation: made.name, accounts: made.accounts.length };
  if (asker) post(parts, grantedLetter(asker, { ...said, portal: parts.publicUrl() }));
  return made.organisation;
}

function refuse(
  parts: OrganisationParts,
  operator: AccountsTable,
  { row, reason }: { row: RequestRow; reason: string },
): void {
  const detail = { reason };
  note(parts, { account: operator.id, action: `${row.kind}.refused`, subject: row.id, detail });
  const asker = askerOf(parts, row);
  const organisation = nameOf(parts, row);
  if (asker) post(parts, refusedLetter(asker, { organisation, reason, portal: parts.publicUrl() }));
}

function foundOrganisation(parts: OrganisationParts, row: RequestRow): Granted {
  const { random, clock, database } = parts;
  const founder = askerOf(parts, row);
  if (!founder) throw new Refusal('BASE_ACCOUNT_GONE');
  if (founder.organisation !== null) throw new Refusal('MEMBER_ALREADY');
  const { name, kind, taxCode } = JSON.parse(row.wish_json) as FoundingWish;
  const id = random.id();
  const store = organisationStore(database);
  store.insert({ id, name, kind, tax_code: taxCode, created_at_us: clock.nowUs() });
  const membership = { organisation: id, member_role: 'administrator', applications_max: null };
  accountStore(database).update(founder.id, membership);
  store.giveApplications(founder.id, id);
  return { organisation: id, name, accounts: [] };
}

function addAccounts(parts: OrganisationParts, row: RequestRow): Granted {
  const store = organisationStore(parts.database);
  const wish = JSON.parse(row.wish_json) as AccountsWish;
  const organisation = row.organisation === null ? undefined : store.byId(row.organisation);
  const base = organisation && store.member(organisation.id, wish.base);
  if (!organisation || !base) throw new Refusal('BASE_ACCOUNT_GONE');
  const invited = invitationStore(parts.database, parts.clock.nowUs()).count(organisation.id);
  if (store.memberCount(organisation.id) + invited + wish.accounts.length > MEMBERS_MAX) {
    throw new Refusal('MEMBERS_LIMIT');
  }
  const accounts = invite(parts, organisation, { base, wished: wish.accounts });
  return { organisation: organisation.id, name: organisation.name, accounts };
}

function askerOf({ database }: OrganisationParts, row: RequestRow): AccountsTable | undefined {
  return row.requested_by === null ? undefined : accountStore(database).byId(row.requested_by);
}

function nameOf({ database }: OrganisationParts, row: RequestRow): string {
  if (row.organisation === null) return (JSON.parse(row.wish_json) as FoundingWish).name;
  return organisationStore(database).byId(row.organisation)?.name ?? '';
}
