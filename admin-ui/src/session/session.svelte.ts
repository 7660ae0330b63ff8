/**
 * Who is using the application. Three states: not known yet (`undefined`, only until the first
 * answer), nobody (`null`), an account. When the portal ends a session while someone is working,
 * `expired` says so: pages keep what was typed and the person logs in again in place.
 */
import type { Account } from '#protocol/portal-api.ts';
import type { ApiClient } from '../api/client.ts';
import { type ApiProblem, asProblem } from '../api/problem.ts';

export class Session {
  account = $state<Account | null | undefined>(undefined);
  expired = $state(false);
  problem = $state<ApiProblem | null>(null);

  readonly #api: () => ApiClient;
  readonly #onLeaving: () => void;

  /** `onLeaving` is called when the person left and their account is still known. */
  constructor(options: { api: () => ApiClient; onLeaving: () => void }) {
    this.#api = options.api;
    this.#onLeaving = options.onLeaving;
  }

  readonly isApplicant = $derived(this.account?.role === 'applicant');
  readonly isAdmin = $derived(this.account?.role === 'admin');
  /** False for who reads their organisation's applications and changes none. */
  readonly mayPrepare = $derived(this.isApplicant && this.account?.memberRole !== 'reader');

  /** Asks the portal once at the start; a portal that does not answer leaves nobody logged in. */
  async load(): Promise<void> {
    try {
      this.account = await this.#api().session();
    } catch (error) {
      this.problem = asProblem(error);
      this.account = null;
    }
  }

  async logIn(credentials: { email: string; password: string; totp?: string }): Promise<Account> {
    const account = await this.#api().logIn(credentials);
    this.enter(account);
    return account;
  }

  /** Somebody is logged in now, by whatever way. */
  enter(account: Account): void {
    this.account = account;
    this.expired = false;
  }

  /**
   * Resolves with where to go to leave the identity provider too, or null. Rejects, with everything
   * as it was, when the portal could not end the session.
   */
  async logOut(): Promise<string | null> {
    let elsewhere: string | null = null;
    try {
      elsewhere = await this.#api().logOut();
    } catch (error) {
      if (asProblem(error).code !== 'UNAUTHENTICATED') throw error;
    }
    this.#onLeaving();
    this.account = null;
    this.expired = false;
    return elsewhere;
  }

  /** Called by the API client when a call was refused because the session is over. */
  end(): void {
    if (this.account) this.expired = true;
  }

  /** After the one-time password was replaced. */
  passwordChanged(): void {
    if (this.account) this.account = { ...this.account, mustChangePassword: false };
  }

  /** After the second factor that was a duty was set up. */
  secondFactorSetUp(): void {
    if (this.account) this.account = { ...this.account, mustSetUpSecondFactor: false };
  }
}
