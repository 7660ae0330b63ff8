/**
 * Password and code as they are typed before something that matters, and whether a code is asked
 * for at all. Forgotten as soon as they were sent.
 */
import type { Proof } from '#protocol/accounts-api.ts';
import type { App } from '../../app-context.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { securityTexts } from './security-texts.ts';
import { accountTexts } from './texts.ts';

export class ProofInput {
  password = $state('');
  totp = $state('');
  withCode = $state(false);

  /** Asks the portal whether there is a second factor. */
  async load(app: App): Promise<void> {
    const state = await app.api.own.secondFactor();
    this.withCode = state.isOn;
  }

  /** What is missing, by control id. */
  missing(language: Language): Record<string, string> {
    const { missing } = accountTexts[language];
    const words = securityTexts[language];
    return {
      ...(this.password === '' && { password: missing(words.passwordAgain) }),
      ...(this.withCode && this.totp.trim() === '' && { totp: missing(words.totp) }),
    };
  }

  get proof(): Proof {
    return { password: this.password, ...(this.withCode && { totp: this.totp }) };
  }

  clear(): void {
    this.password = '';
    this.totp = '';
  }
}
