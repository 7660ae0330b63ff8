/** A click day as the administrator types it, its local checks, and what is sent to the portal. */
import type { AdminClickDay, ClickDayChange } from '#protocol/portal-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { instantFromRome, romeWallTime } from '../../i18n/rome-time.ts';
import { RuleDraft } from './rule-draft.svelte.ts';
import { adminTexts } from './texts.ts';

export class ClickDayDraft {
  id = $state('');
  nameIt = $state('');
  nameEn = $state('');
  opensAt = $state('');
  closesAt = $state('');
  suspended = $state(false);
  rules = $state.raw<readonly RuleDraft[]>([]);
  #made = 0;

  constructor(day: AdminClickDay | null) {
    const rules = day?.rules ?? [];
    for (const rule of rules.length > 0 ? rules : [{}]) this.addRule(rule);
    if (day === null) return;
    this.id = day.id;
    this.nameIt = day.name.it;
    this.nameEn = day.name.en;
    this.opensAt = romeWallTime(day.opensAt);
    this.closesAt = romeWallTime(day.closesAt);
    this.suspended = day.suspended;
  }

  addRule(rule: AdminClickDay['rules'][number] = {}): void {
    this.#made += 1;
    this.rules = [...this.rules, new RuleDraft(`rule-${this.#made}`, rule)];
  }

  removeRule(index: number): void {
    this.rules = this.rules.toSpliced(index, 1);
  }

  /** Messages by control id; empty when it can be sent. */
  errors(language: Language): Record<string, string> {
    const t = adminTexts[language];
    const errors: Record<string, string> = {};
    if (this.id.trim() === '') errors.id = t.missing(t.idLabel);
    if (this.nameIt.trim() === '') errors.nameIt = t.missing(t.nameIt);
    if (this.nameEn.trim() === '') errors.nameEn = t.missing(t.nameEn);
    const [opensAt, closesAt] = [instantFromRome(this.opensAt), instantFromRome(this.closesAt)];
    if (opensAt === null) errors.opensAt = t.timeWrong(t.opensLabel);
    if (closesAt === null) errors.closesAt = t.timeWrong(t.closesLabel);
    if (opensAt !== null && closesAt !== null && closesAt <= opensAt) {
      errors.closesAt = t.orderWrong;
    }
    return Object.assign(errors, ...this.rules.map((rule) => rule.errors(language)));
  }

  /** Only after `errors` came back empty. */
  change(): ClickDayChange {
    return {
      name: { it: this.nameIt.trim(), en: this.nameEn.trim() },
      opensAt: instantFromRome(this.opensAt) ?? '',
      closesAt: instantFromRome(this.closesAt) ?? '',
      suspended: this.suspended,
      rules: this.rules.map((rule) => rule.rule()),
    };
  }
}
