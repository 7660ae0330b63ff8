/**
 * Staff accounts: made from the command line, never by registering. The one-time link goes to who
 * ran the command; whoever opens it first sets the password.
 */
import type { Random } from '../../foundation/random.ts';
import type { Database } from '../../store/database/index.ts';
import { createAudit } from '../control-room/audit.ts';
import { Refusal } from '../http/refusal.ts';
import { isEmail } from './checks.ts';
import { accountStore } from './store.ts';

export type StaffRole = 'admin' | 'operator' | 'office';

export interface StaffRequest {
  readonly email: string;
  readonly role: StaffRole;
  /** Province code, for the role `office`. */
  readonly office?: string | undefined;
  readonly language?: 'it' | 'en';
}

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  /** Where the portal is reached; the link begins with it. */
  readonly publicUrl: string;
}

const TOKEN_BYTES = 32;
/** Staff get no mail to log in, so an address of this machine will do. */
const LOCAL_EMAIL = /^[a-z0-9._-]{1,64}@localhost$/;
const LINK_US = 72 * 3_600_000_000;

/**
 * Makes the account, or a new link for one that exists with that role and never set a password.
 * Refuses EMAIL_INVALID, FORBIDDEN (the address has another account).
 */
export function createStaffAccount(
  { database, clock, random, publicUrl }: Parts,
  request: StaffRequest,
): { readonly id: string; readonly link: string } {
  const email = request.email.trim().toLowerCase();
  if (!isEmail(email) && !LOCAL_EMAIL.test(email)) throw new Refusal('EMAIL_INVALID');
  const store = accountStore(database);
  return database.transaction(() => {
    const known = store.byEmail(email);
    if (known && (known.role !== request.role || known.confirmed_at_us !== null)) {
      throw new Refusal('FORBIDDEN');
    }
    const id = known?.id ?? random.id();
    if (!known) store.insert(staffRow(id, email, request, clock.nowUs()));
    const token = random.bytes(TOKEN_BYTES).toString('base64url');
    const expiresAtUs = clock.nowUs() + LINK_US;
    store.setToken({ token, account: id, purpose: 'setup', expiresAtUs });
    const audit = createAudit({ database, clock, random });
    const detail = { role: request.role, office: request.office ?? null };
    audit({ account: null, action: 'account.staff-link', subject: id, detail });
    return { id, link: `${publicUrl}/setup?token=${token}` };
  });
}

/** Whether somebody can administer this portal: has an account and has set its password. */
export function hasAdministrator(database: Database): boolean {
  return accountStore(database).hasAdministrator();
}

function staffRow(id: string, email: string, request: StaffRequest, nowUs: number) {
  return {
    id,
    email,
    given_name: email.split('@')[0] ?? email,
    family_name: '',
    codice_fiscale: null,
    role: request.role,
    office: request.office ?? null,
    language: request.language ?? 'it',
    password_hash: null,
    must_change_password: 0,
    applications_max: null,
    confirmed_at_us: null,
    created_at_us: nowUs,
  };
}
