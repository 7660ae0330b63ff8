/** Log-in on the page: password with its second step, or a code typed on the portal's page. */
import { deviceLogin } from '../commands/device-login.ts';
import type { Failure } from '../commands/failure.ts';
import { login, logout } from '../commands/session.ts';
import type { LoginWords } from './state.ts';
import type { Workbench } from './workbench.ts';

export class AccountDesk {
  readonly #bench: Workbench;
  readonly #onLoggedIn: () => void;
  #waiting: AbortController | undefined;

  constructor(bench: Workbench, onLoggedIn: () => void) {
    this.#bench = bench;
    this.#onLoggedIn = onLoggedIn;
  }

  /** `codeMissing`: the account has a second step. The password is kept nowhere. */
  async logIn({ portal, email, password, totp }: LoginWords): Promise<Failure | undefined> {
    this.#remember(portal);
    const { failure } = await this.#bench.run((context) =>
      login(context, { email, password, code: async () => totp }),
    );
    if (failure === undefined) this.#loggedIn();
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
      const ran = this.#bench.run(deviceLogin, {
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
        if (failure === undefined) this.#loggedIn();
        else if (!waiting.signal.aborted) {
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

  async logOut(): Promise<void> {
    await this.#bench.run(logout);
    this.#bench.model.change({ account: null });
  }

  #remember(portal: string): void {
    const address = /^https?:\/\//i.test(portal.trim())
      ? portal.trim()
      : `https://${portal.trim()}`;
    const origin = URL.canParse(address) ? new URL(address).origin : portal.trim();
    this.#bench.files.keepSettings({ portal: origin });
    this.#bench.model.change({ portal: origin });
  }

  #loggedIn(): void {
    const session = this.#bench.base.directory.session();
    this.#bench.model.change({ account: session?.email ?? null, notice: null });
    this.#onLoggedIn();
  }
}
