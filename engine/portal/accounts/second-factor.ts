/**
 * The second factor of an account.
 *
 *   none ──begin──► begun (nothing is asked yet) ──first right code──► on ──off, reset──► none
 *
 * A code of an app counts once: of its step and of earlier ones none is taken again (RFC 6238
 * §5.2). Wrong codes are counted by account, since whoever guesses them knows the password; beyond
 * the bound the app's codes wait, a recovery code still opens, and the owner is told by mail.
 */
import type { SecondFactorBegun, SecondFactorState } from '#protocol/accounts-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Random } from '../../foundation/random.ts';
import type { Database } from '../../store/database/index.ts';
import { fieldProblem, Refusal } from '../http/refusal.ts';
import { type Counters, createCounters } from './guesses.ts';
import {
  isAppCode,
  newRecoveryCodes,
  newSecret,
  recoveryHash,
  shownSecret,
  stepOfCode,
  tidyCode,
} from './one-time-codes.ts';
import type { Post } from './post.ts';
import { type SecondFactorStore, secondFactorStore } from './second-factor-store.ts';
import { guessedLetter, secondFactorLetter } from './security-letters.ts';
import type { AccountRow } from './store.ts';
import type { Vault } from './vault.ts';

export interface SecondFactor {
  state(account: AccountRow): SecondFactorState;
  /** The account must have one before it does anything else. */
  isMissing(account: AccountRow): boolean;
  /**
   * Asks for the code when the account has a second factor. Refuses SECOND_FACTOR_NEEDED (none was
   * given), SECOND_FACTOR_WRONG, REQUESTS_TOO_MANY. The code is spent.
   */
  demand(account: AccountRow, code: string | undefined): void;
  /** A new secret. Refuses SECOND_FACTOR_ON. */
  begin(account: AccountRow): SecondFactorBegun;
  /** The first right code turns it on; gives the recovery codes, once. */
  confirm(account: AccountRow, code: string): readonly string[];
  newRecoveryCodes(account: AccountRow): readonly string[];
  /** Refuses SECOND_FACTOR_REQUIRED for whom it is a duty. */
  turnOff(account: AccountRow): void;
  /** Removes it; false when there was none. What its callers must check stands with them. */
  remove(account: AccountRow): boolean;
  /** Removes it when it was turned on after that time. */
  removeSince(account: AccountRow, sinceUs: number): void;
}

export interface SecondFactorParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly vault: Vault;
  readonly post: Post;
  /** Staff accounts must have one. */
  readonly isStaffBound: boolean;
}

const WRONG_MAX = 10;
const WRONG_WINDOW_US = 15 * 60_000_000;
const STAFF = new Set(['admin', 'operator', 'office']);

export function createSecondFactor(parts: SecondFactorParts): SecondFactor {
  const { database, clock, random, vault, post, isStaffBound } = parts;
  const store = secondFactorStore(database);
  const wrong = createCounters(clock);
  const active = (account: AccountRow) => {
    const row = store.byAccount(account.id);
    return row?.confirmed_at_us == null ? undefined : row;
  };
  const isRequired = ({ role }: AccountRow) => isStaffBound && STAFF.has(role);
  const giveCodes = (account: AccountRow) => {
    const codes = newRecoveryCodes(random);
    const hashes = codes.map((code) => recoveryHash(account.id, tidyCode(code)));
    store.replaceCodes(account.id, hashes);
    return codes;
  };
  return {
    state: (account) => {
      const row = active(account);
      return {
        isOn: row !== undefined,
        since: row?.confirmed_at_us == null ? null : isoFromUs(row.confirmed_at_us),
        recoveryCodesLeft: row ? store.codesLeft(account.id) : 0,
        isRequired: isRequired(account),
      };
    },
    isMissing: (account) => isRequired(account) && active(account) === undefined,
    demand: (account, code) => {
      if (active(account) === undefined) return;
      if (code === undefined || code.trim() === '') throw new Refusal('SECOND_FACTOR_NEEDED');
      spend({ ...parts, store, wrong }, account, tidyCode(code));
    },
    begin: (account) => {
      if (active(account)) throw new Refusal('SECOND_FACTOR_ON');
      const secret = newSecret(random);
      store.put({
        account: account.id,
        secret_sealed: vault.seal(account.id, secret),
        begun_at_us: clock.nowUs(),
        confirmed_at_us: null,
        last_step: 0,
      });
      return shownSecret(secret, account.email);
    },
    confirm: (account, code) =>
      database.transaction(() => {
        const row = store.byAccount(account.id);
        if (!row) throw new Refusal('SECOND_FACTOR_OFF');
        if (row.confirmed_at_us !== null) throw new Refusal('SECOND_FACTOR_ON');
        const secret = vault.open(account.id, row.secret_sealed);
        const step = stepOfCode(secret, tidyCode(code), clock.nowUs());
        if (step === undefined) throw wrongCode();
        store.update(account.id, { confirmed_at_us: clock.nowUs(), last_step: step });
        post(secondFactorLetter(account, 'on'));
        return giveCodes(account);
      }),
    newRecoveryCodes: (account) => {
      if (!active(account)) throw new Refusal('SECOND_FACTOR_OFF');
      return database.transaction(() => giveCodes(account));
    },
    turnOff: (account) => {
      if (!active(account)) throw new Refusal('SECOND_FACTOR_OFF');
      if (isRequired(account)) throw new Refusal('SECOND_FACTOR_REQUIRED');
      database.transaction(() => {
        store.remove(account.id);
        post(secondFactorLetter(account, 'off'));
      });
    },
    remove: ({ id }) => store.remove(id),
    removeSince: ({ id }, sinceUs) => {
      const row = store.byAccount(id);
      if (row && (row.confirmed_at_us ?? row.begun_at_us) >= sinceUs) store.remove(id);
    },
  };
}

interface Spending extends SecondFactorParts {
  readonly store: SecondFactorStore;
  readonly wrong: Counters;
}

function spend(parts: Spending, account: AccountRow, code: string): void {
  const { wrong, post } = parts;
  const { id } = account;
  if (isAppCode(code) && wrong.count(id) >= WRONG_MAX) {
    throw new Refusal('REQUESTS_TOO_MANY', { retryAfterMs: wrong.waitMs(id) });
  }
  const isRight = isAppCode(code)
    ? spendAppCode(parts, id, code)
    : parts.store.spendCode(id, recoveryHash(id, code));
  if (isRight) {
    wrong.forget(id);
    return;
  }
  wrong.add(id, WRONG_WINDOW_US);
  if (wrong.count(id) === WRONG_MAX) post(guessedLetter(account));
  throw wrongCode();
}

function spendAppCode({ store, vault, clock }: Spending, id: string, code: string): boolean {
  const row = store.byAccount(id);
  if (!row) return false;
  const step = stepOfCode(vault.open(id, row.secret_sealed), code, clock.nowUs());
  if (step === undefined || step <= row.last_step) return false;
  store.update(id, { last_step: step });
  return true;
}

function wrongCode(): Refusal {
  const errors = [fieldProblem('totp', 'SECOND_FACTOR_WRONG')];
  return new Refusal('SECOND_FACTOR_WRONG', { errors });
}
