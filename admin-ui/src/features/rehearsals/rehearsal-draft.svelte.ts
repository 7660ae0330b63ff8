/** A rehearsal window as the administrator types it, its local checks, and what is sent. */
import type { AdminRehearsal, RehearsalChange } from '#protocol/rehearsals-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { instantFromRome, romeWallTime } from '../../i18n/rome-time.ts';
import { rehearsalTexts } from './texts.ts';

export class RehearsalDraft {
  opensAt = $state('');
  closesAt = $state('');
  suspended = $state(false);

  constructor(window: AdminRehearsal | null) {
    if (window === null) return;
    this.opensAt = romeWallTime(window.opensAt);
    this.closesAt = romeWallTime(window.closesAt);
    this.suspended = window.suspended;
  }

  /** Messages by control id; empty when it can be sent. */
  errors(language: Language): Record<string, string> {
    const t = rehearsalTexts[language];
    const errors: Record<string, string> = {};
    const [opensAt, closesAt] = [instantFromRome(this.opensAt), instantFromRome(this.closesAt)];
    if (opensAt === null) errors.opensAt = t.timeWrong(t.opensLabel);
    if (closesAt === null) errors.closesAt = t.timeWrong(t.closesLabel);
    if (opensAt !== null && closesAt !== null && closesAt <= opensAt) {
      errors.closesAt = t.orderWrong;
    }
    return errors;
  }

  /** Only after `errors` came back empty. */
  change(): RehearsalChange {
    return {
      opensAt: instantFromRome(this.opensAt) ?? '',
      closesAt: instantFromRome(this.closesAt) ?? '',
      suspended: this.suspended,
    };
  }
}
