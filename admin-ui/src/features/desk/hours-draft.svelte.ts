/** Working hours and targets as they are typed, what is wrong with them, and what they become. */
import type { DeskHours } from '#protocol/desk-tools-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { formatDate } from '../../i18n/time-format.ts';
import { deskAdminTexts } from './admin-texts.ts';
import { kinds } from './kinds.ts';
import { parseSpans, spansText } from './spans.ts';
import { deskTexts } from './texts.ts';

const MINUTES_MAX = 100_000;
const SHARE_PERCENT = { min: 10, max: 100 };
const weekDays = [0, 1, 2, 3, 4, 5, 6] as const;
const firstTarget = { firstResponseMinutes: 480, solutionMinutes: 2_400 };

export class HoursDraft {
  week = $state<string[]>([]);
  extra = $state<{ key: number; day: string; text: string }[]>([]);
  targets = $state<{ kind: (typeof kinds)[number]; first: string; solution: string }[]>([]);
  percent = $state('');
  #keys = 0;

  constructor(hours: DeskHours) {
    this.week = hours.week.map(spansText);
    this.extra = hours.extra.map(({ day, spans }) => this.#line(day, spansText(spans)));
    this.targets = kinds.map((kind) => {
      const { firstResponseMinutes, solutionMinutes } = hours.targets[kind] ?? firstTarget;
      return { kind, first: String(firstResponseMinutes), solution: String(solutionMinutes) };
    });
    this.percent = String(Math.round(hours.warningShare * 100));
  }

  addDay(): number {
    const line = this.#line('', '');
    this.extra.push(line);
    return line.key;
  }

  removeDay(key: number): void {
    this.extra = this.extra.filter((line) => line.key !== key);
  }

  /** Message by control; each says which, for they stand together at the top as well. */
  errors(language: Language): Record<string, string> {
    const [t, d] = [deskAdminTexts[language], deskTexts[language]];
    const days = this.extra.map(({ day }) => day);
    const found: Record<string, string> = {};
    for (const index of weekDays) {
      const isWrong = parseSpans(this.week[index] ?? '') === null;
      if (isWrong) found[`day-${index}`] = t.spansWrong(t[`day${index}`]);
    }
    for (const [index, { key, day, text }] of this.extra.entries()) {
      if (day === '') found[`extra-day-${key}`] = t.dayWrong;
      else if (days.indexOf(day) < index) found[`extra-day-${key}`] = t.dayTwice;
      const name = day === '' ? t.day : formatDate(day);
      if (parseSpans(text) === null) found[`extra-spans-${key}`] = t.spansWrong(name);
    }
    for (const { kind, first, solution } of this.targets) {
      const wrong = (what: 'firstResponse' | 'solution') =>
        t.minutesWrong(`${d[kind]}, ${d[what].toLowerCase()}`);
      if (!isWhole(first, 1, MINUTES_MAX)) found[`first-${kind}`] = wrong('firstResponse');
      if (!isWhole(solution, 1, MINUTES_MAX)) found[`solution-${kind}`] = wrong('solution');
    }
    const { min, max } = SHARE_PERCENT;
    if (!isWhole(this.percent, min, max)) found.percent = t.shareWrong;
    return found;
  }

  /** Only after `errors` came back empty. */
  hours(): DeskHours {
    return {
      week: this.week.map((text) => parseSpans(text) ?? []),
      extra: this.extra
        .map(({ day, text }) => ({ day, spans: parseSpans(text) ?? [] }))
        .toSorted((a, b) => a.day.localeCompare(b.day)),
      targets: Object.fromEntries(
        this.targets.map(({ kind, first, solution }) => [
          kind,
          { firstResponseMinutes: Number(first), solutionMinutes: Number(solution) },
        ]),
      ),
      warningShare: Number(this.percent) / 100,
    };
  }

  #line(day: string, text: string) {
    this.#keys += 1;
    return { key: this.#keys, day, text };
  }
}

function isWhole(text: string, min: number, max: number): boolean {
  return /^\d{1,6}$/.test(text) && Number(text) >= min && Number(text) <= max;
}
