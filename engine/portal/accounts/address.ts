/**
 * Changing the address, which is the user name.
 *
 *   asked, password again ──link to the new address──► changed
 *                                                        └──link to the old one, 7 days──► undone
 *
 * Asking answers the same whether or not the new address has an account: what differs goes to that
 * mailbox. Undoing is for an owner whose account was taken over: it ends all sessions, withdraws
 * the password and whatever second factor was set since, stops a deletion that was asked for since,
 * and mails a link to choose a new password.
 */
import type { Database } from '../../store/database/index.ts';
import type { Audit } from '../control-room/audit.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';
import type { Sessions } from '../session/index.ts';
import { isEmail } from './checks.ts';
import type { Links, SpentLink } from './links.ts';
import type { Post } from './post.ts';
import type { PasswordReset } from './reset.ts';
import type { SecondFactor } from './second-factor.ts';
import { addressTakenLetter, newAddressLetter, oldAddressLetter } from './security-letters.ts';
import { type AccountRow, accountStore } from './store.ts';

export interface AddressService {
  /** The password was checked. Refuses EMAIL_INVALID, ADDRESS_SAME. */
  ask(account: AccountRow, email: string): void;
  /** Refuses LINK_INVALID, ADDRESS_TAKEN. */
  confirm(token: string): { email: string };
  /** Refuses LINK_INVALID, ADDRESS_TAKEN. */
  undo(token: string): { email: string };
}

export interface AddressParts {
  readonly database: Database;
  readonly links: Links;
  readonly sessions: Sessions;
  readonly secondFactor: SecondFactor;
  readonly reset: PasswordReset;
  readonly stopDeletion: (account: AccountRow) => void;
  readonly post: Post;
  readonly audit: Audit;
  readonly publicUrl: () => string;
  readonly linkMs: number;
  readonly undoMs: number;
}

const MS_AN_HOUR = 3_600_000;

export function createAddressService(parts: AddressParts): AddressService {
  const { database, links } = parts;
  const store = accountStore(database);
  return {
    ask: (account, email) => ask(parts, store, account, email.trim().toLowerCase()),
    confirm: (token) =>
      database.transaction(() => {
        const { account, email } = opened(store, links.spend(token, 'address'));
        change(parts, store, account, email);
        return { email };
      }),
    undo: (token) =>
      database.transaction(() => {
        const { account, email, link } = opened(store, links.spend(token, 'address-undo'));
        takeBack(parts, store, { account, email, sinceUs: link.created_at_us });
        return { email };
      }),
  };
}

type Store = ReturnType<typeof accountStore>;

function ask(parts: AddressParts, store: Store, account: AccountRow, email: string): void {
  if (!isEmail(email)) throw refused('EMAIL_INVALID');
  if (email === account.email) throw refused('ADDRESS_SAME');
  const { database, links, post, publicUrl, linkMs } = parts;
  database.transaction(() => {
    links.drop(account.id, 'address');
    const token = links.add({ account: account.id, purpose: 'address', email, lifeMs: linkMs });
    const known = store.byEmail(email);
    if (known && known.confirmed_at_us !== null) return post(addressTakenLetter(known));
    const link = `${publicUrl()}/address?token=${token}`;
    post(newAddressLetter({ ...account, email }, link, Math.round(linkMs / MS_AN_HOUR)));
  });
}

function change(parts: AddressParts, store: Store, account: AccountRow, email: string): void {
  const { links, post, publicUrl, undoMs, audit } = parts;
  const former = account.email;
  move(store, account, email);
  links.drop(account.id, 'reset');
  const undo = { account: account.id, purpose: 'address-undo', email: former } as const;
  const token = links.add({ ...undo, lifeMs: undoMs });
  const link = `${publicUrl()}/address-undo?token=${token}`;
  const days = Math.round(undoMs / (24 * MS_AN_HOUR));
  post(oldAddressLetter(account, { email, link, days }));
  audit({ account: account.id, action: 'account.address', subject: account.id });
}

function takeBack(
  parts: AddressParts,
  store: Store,
  { account, email, sinceUs }: { account: AccountRow; email: string; sinceUs: number },
): void {
  if (account.email !== email) move(store, account, email);
  store.update(account.id, { password_hash: null });
  parts.sessions.closeAll(account.id);
  parts.links.drop(account.id, 'reset', 'address', 'keep');
  parts.secondFactor.removeSince(account, sinceUs);
  parts.stopDeletion(account);
  parts.reset.mailTo({ ...account, email });
  parts.audit({ account: account.id, action: 'account.address-undo', subject: account.id });
}

/** An address that somebody registered and never confirmed is nobody's. */
function move(store: Store, account: AccountRow, email: string): void {
  const known = store.byEmail(email);
  if (known?.confirmed_at_us != null || (known && known.role !== 'applicant')) {
    throw new Refusal('ADDRESS_TAKEN');
  }
  if (known) store.remove(known.id);
  store.update(account.id, { email });
}

function opened(store: Store, link: SpentLink | undefined) {
  const account = link && store.byId(link.account);
  if (!link?.email || !account) throw new Refusal('LINK_INVALID');
  return { account, email: link.email, link };
}

function refused(code: 'EMAIL_INVALID' | 'ADDRESS_SAME'): Refusal {
  return new Refusal(code, { errors: [fieldProblem('email', code)] });
}
