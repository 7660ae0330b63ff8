/**
 * Log-in on the page: password with its second step, or a code typed on the portal's page. Whose
 * session it is, is known when it is there; only then it is kept, in the directory of that account.
 */
import type { CommandContext, ExitCode, Work } from '../commands/context.ts';
import { deviceLogin } from '../commands/device-login.ts';
import type { Failure } from '../commands/failure.ts';
import { login, logout } from '../commands/session.ts';
import { ClientDirectory, type StoredSession } from '../node/directory.ts';
import type { Accounts } from './accounts.ts';
import type { LoginWords } from './state.ts';
import type { Workbench } from './workbench.ts';

export class AccountDesk {
  readonly #bench: Workbench;
  readonly #accounts: Accounts;
  readonly #onLoggedIn: (account: Workbench) => void;
  #waiting: AbortController | undefined;

  constructor(accounts: Accounts, onLoggedIn: (account: Workbench) => void) {
    this.#bench = accounts.root;
    this.#accounts = accounts;
    this.#onLoggedIn = onLoggedIn;
  }

  /** `codeMissing`: the account has a second step. The password is kept nowhere. */
  async logIn({ portal, email, password, totp }: LoginWords): Promise<Failure | undefined> {
    this.#remember(portal);
    const words = { email, password, code: async () => totp };
    const { failure } = await this.#bench.run((context) =>
      this.#kept(context, (caught) => login(caught, words)),
    );
    return failure;
  }

  /** Returns when the code is there or cannot be had; the log-in follows by itself. */
  async askCode(portal: string): Promise<Failure | undefined> {
    this.#remember(portal);
    this.cancelCode();
    const waiting = new AbortController();
    this.#waiting = waiting;
    const { model } = this.#bench;
    return new Promise((resolve) => {
      const ran = this.#bench.run((context) => this.#kept(context, deviceLogin), {
        interrupted: waiting.signal,
        hear: ({ event, userCode, verificationUri }) => {
          if (event !== 'device-code' || waiting.signal.aborted) return;
          const device = {
            userCode: String(userCode),
            verificationUri: String(verificationUri),
          };
          model.change({ device });
          resolve(undefined);
        },
      });
      void ran.then(({ failure }) => {
        if (this.#waiting === waiting) model.change({ device: null });
        if (failure !== undefined && !waiting.signal.aborted) {
          model.change({ notice: { text: failure.message, isGrave: false } });
        }
        resolve(failure);
      });
    });
  }

  cancelCode(): void {
    this.#waiting?.abort();
    this.#waiting = undefined;
    this.#bench.model.change({ device: null });
  }

  /**
   * Ends an account's session. With `isForgotten` what was prepared goes too, and the page shows
   * the account no more; journal and receipts stay, and are found again at its next log-in.
   */
  async logOut(name: string, isForgotten: boolean): Promise<void> {
    const bench = this.#accounts.of(name);
    if (bench === undefined) return;
    bench.base.directory.keepOwner(bench.base.directory.owner() ?? name);
    await bench.run(logout);
    if (isForgotten) bench.base.directory.forgetPrepared();
    this.#accounts.tell(bench, undefined);
    this.#accounts.reload();
  }

  /** All accounts of a page are of one portal: the first one's log-in names it. */
  #remember(portal: string): void {
    if (this.#accounts.all.some((bench) => this.#accounts.isLoggedIn(bench))) return;
    const address = /^https?:\/\//i.test(portal.trim())
      ? portal.trim()
      : `https://${portal.trim()}`;
    const origin = URL.canParse(address) ? new URL(address).origin : portal.trim();
    this.#bench.files.keepSettings({ portal: origin });
    this.#bench.model.change({ portal: origin });
  }

  /** Does the log-in, and puts the session where its account belongs. */
  async #kept(context: CommandContext, work: Work): Promise<ExitCode> {
    const directory = new CaughtSession(this.#bench.base.directory.path);
    const code = await work({ ...context, directory });
    if (directory.caught === undefined) return code;
    const account = this.#accounts.keep(directory.caught);
    this.#bench.model.change({ notice: null });
    this.#onLoggedIn(account);
    return code;
  }
}

/** The directory that a log-in is given: what it would keep is put where it belongs afterwards. */
class CaughtSession extends ClientDirectory {
  caught: StoredSession | undefined;

  override keepSession(session: StoredSession): void {
    this.caught = session;
  }
}
