/** A click day as the administrator types it, its local checks, and what is sent to the portal. */
import type { AdminClickDay, ClickDayChange, ClickDayRule } from '#protocol/portal-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { instantFromRome, romeWallTime } from '../../i18n/rome-time.ts';
import { adminTexts } from './texts.ts';

export class ClickDayDraft {
  id = $state('');
  nameIt = $state('');
  nameEn = $state('');
  opensAt = $state('');
  closesAt = $state('');
  suspended = $state(false);
  models = $state<string[]>([]);
  readonly #rules: readonly ClickDayRule[];

  constructor(day: AdminClickDay | null) {
    this.#rules = day?.rules ?? [];
    if (day === null) return;
    this.id = day.id;
    this.nameIt = day.name.it;
    this.nameEn = day.name.en;
    this.opensAt = romeWallTime(day.opensAt);
    this.closesAt = romeWallTime(day.closesAt);
    this.suspended = day.suspended;
    this.models = this.#rules[0]?.models ? [...this.#rules[0].models] : [];
  }

  /** Rules with nationalities or quotas are richer than these ticks: they are kept as they are. */
  get hasRichRules(): boolean {
    return (
      this.#rules.length > 1 ||
      this.#rules.some(
        (rule) => rule.nationalities ?? rule.exceptNationalities ?? rule.special ?? rule.quota,
      )
    );
  }

  /** Messages by control id; empty when it can be sent. */
  errors(language: Language): Record<string, string> {
    const t = adminTexts[language];
    const errors: Record<string, string> = {};
    if (this.id.trim() === '') errors.id = t.missing(t.idLabel);
    if (this.nameIt.trim() === '') errors.nameIt = t.missing(t.nameIt);
    if (this.nameEn.trim() === '') errors.nameEn = t.missing(t.nameEn);
    const [opensAt, closesAt] = [instantFromRome(this.opensAt), instantFromRome(this.closesAt)];
    if (opensAt === null) errors.opensAt = t.timeWrong;
    if (closesAt === null) errors.closesAt = t.timeWrong;
    if (opensAt !== null && closesAt !== null && closesAt <= opensAt) {
      errors.closesAt = t.orderWrong;
    }
    return errors;
  }

  /** Only after `errors` came back empty. */
  change(): ClickDayChange {
    const rules = this.models.length > 0 ? [{ models: [...this.models] }] : [{}];
    return {
      name: { it: this.nameIt.trim(), en: this.nameEn.trim() },
      opensAt: instantFromRome(this.opensAt) ?? '',
      closesAt: instantFromRome(this.closesAt) ?? '',
      suspended: this.suspended,
      ...(this.hasRichRules ? {} : { rules }),
    };
  }
}
