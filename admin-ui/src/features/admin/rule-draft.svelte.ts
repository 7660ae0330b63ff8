/** One rule of a click day as the administrator sets it, its local checks, and what is sent. */
import type { ClickDayRule } from '#protocol/portal-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { ruleTexts } from './rule-texts.ts';

export type NationalityMode = 'all' | 'only' | 'except';

const QUOTA = /^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/;
const PLACES_MAX = 100_000_000;

export class RuleDraft {
  /** Names its controls; never used twice on a page. */
  readonly key: string;
  models = $state<string[]>([]);
  mode = $state<NationalityMode>('all');
  nationalities = $state<string[]>([]);
  quota = $state('');
  places = $state('');
  /** Flags are of the call's own making: they are kept as they are. */
  readonly special: readonly string[] | undefined;

  constructor(key: string, rule: ClickDayRule) {
    this.key = key;
    this.models = [...(rule.models ?? [])];
    this.mode = rule.nationalities ? 'only' : rule.exceptNationalities ? 'except' : 'all';
    this.nationalities = [...(rule.nationalities ?? rule.exceptNationalities ?? [])];
    this.quota = rule.quota ?? '';
    this.places = rule.places === undefined ? '' : String(rule.places);
    this.special = rule.special;
  }

  addNationality(code: string): void {
    if (!this.nationalities.includes(code)) this.nationalities.push(code);
  }

  removeNationality(code: string): void {
    this.nationalities = this.nationalities.filter((each) => each !== code);
  }

  /** Messages by control id; empty when it can be sent. */
  errors(language: Language): Record<string, string> {
    const t = ruleTexts[language];
    const errors: Record<string, string> = {};
    const [quota, places] = [this.quota.trim(), this.places.trim()];
    if (quota !== '' && !QUOTA.test(quota)) errors[`${this.key}-quota`] = t.quotaWrong;
    else if (quota !== '' && this.models.length === 0) {
      errors[`${this.key}-models`] = t.modelsMissing;
    }
    if (places !== '' && quota === '') errors[`${this.key}-quota`] = t.placesAlone;
    if (places !== '' && (!/^[1-9]\d*$/.test(places) || Number(places) > PLACES_MAX)) {
      errors[`${this.key}-places`] = t.placesWrong;
    }
    if (this.mode !== 'all' && this.nationalities.length === 0) {
      errors[`${this.key}-nationality`] = t.nationalitiesMissing;
    }
    return errors;
  }

  /** Only after `errors` came back empty. */
  rule(): ClickDayRule {
    const { mode, special } = this;
    const [quota, places] = [this.quota.trim(), this.places.trim()];
    return {
      ...(this.models.length > 0 && { models: [...this.models] }),
      ...(mode === 'only' && { nationalities: [...this.nationalities] }),
      ...(mode === 'except' && { exceptNationalities: [...this.nationalities] }),
      ...(special && { special: [...special] }),
      ...(quota !== '' && { quota }),
      ...(places !== '' && { places: Number(places) }),
    };
  }
}
