/**
 * On which click day an application is sent: a function of model, worker's nationality and special
 * flag, never of the model alone (domain notes §4).
 *
 * Each click day carries its rules as data. A rule that names special flags beats one that does
 * not: a worker of Italian descent goes to the day that asks for it although another day's rule
 * would take every other nationality. Among equals the earliest opening wins.
 */
import type { FieldError, FormValues, Texts } from '#protocol/forms/index.ts';
import type { ClickDayRule } from '#protocol/portal-api.ts';
import { usFromIso } from '#protocol/time.ts';
import decree2010 from './calendars/decree-2010.json' with { type: 'json' };
import { codeTable } from './tables.ts';

/** What decides the click day. `special` is `italian-descent` or null. */
export interface Routing {
  readonly model: string;
  /** State code of the worker's citizenship; undefined while not answered. */
  readonly nationality: string | undefined;
  readonly special: string | null;
}

/** A click day with its rules; instants ISO 8601 UTC. Without a rule it takes nothing. */
export interface RoutedClickDay {
  readonly id: string;
  readonly name: Texts;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly rules: readonly ClickDayRule[];
}

/** `error` is about the field that a person can change, in words that say what to do. */
export type ClickDayChoice =
  | { readonly ok: true; readonly clickDay: string }
  | { readonly ok: false; readonly error: FieldError };

const SPECIAL_ITALIAN_DESCENT = 'italian-descent';
/** In a rule's nationalities of a calendar file: every nationality of art. 2. */
const ART2 = 'art2';

const refusals = {
  NATIONALITY_MISSING: {
    it: 'Scrivi la cittadinanza del lavoratore: decide il click day.',
    en: 'Give the worker’s citizenship: it decides the click day.',
  },
  NO_CLICK_DAY: {
    it: 'Ora nessun click day è aperto o previsto: aspetta la pubblicazione del calendario.',
    en: 'No click day is open or planned now: wait until the calendar is published.',
  },
  MODEL_NOT_ADMITTED: {
    it: 'Nessun click day previsto accetta questo modello: controlla il calendario.',
    en: 'No planned click day takes this model: check the calendar.',
  },
  NATIONALITY_NOT_ADMITTED: {
    it: 'Nessun click day accetta questa cittadinanza per questo modello: controllala.',
    en: 'No click day takes this citizenship for this model: check it.',
  },
} as const satisfies Record<string, Texts>;

/** What decides the click day, read from the answers (all pages merged). */
export function routingOf(model: string, values: FormValues): Routing {
  const nationality = values.workerCitizenship;
  return {
    model,
    nationality: typeof nationality === 'string' ? nationality : undefined,
    special: values.workerItalianDescent === true ? SPECIAL_ITALIAN_DESCENT : null,
  };
}

/**
 * The click day of an application. Days that have closed at `nowUs` (microseconds) are left out;
 * without it all count. A suspended day still is the application's day.
 * Refusal codes: `NATIONALITY_MISSING`, `NO_CLICK_DAY`, `MODEL_NOT_ADMITTED`,
 * `NATIONALITY_NOT_ADMITTED`.
 */
export function clickDayFor(
  routing: Routing,
  clickDays: readonly RoutedClickDay[],
  nowUs?: number,
): ClickDayChoice {
  if (routing.nationality === undefined) return refuse('NATIONALITY_MISSING');
  const live = clickDays
    .filter((day) => nowUs === undefined || usFromIso(day.closesAt) > nowUs)
    .toSorted((one, other) => usFromIso(one.opensAt) - usFromIso(other.opensAt));
  const fitting = live.filter((day) => day.rules.some((rule) => ruleFits(rule, routing)));
  const special = fitting.find((day) =>
    day.rules.some((rule) => rule.special !== undefined && ruleFits(rule, routing)),
  );
  const chosen = special ?? fitting[0];
  if (chosen !== undefined) return { ok: true, clickDay: chosen.id };
  if (live.length === 0) return refuse('NO_CLICK_DAY');
  const takesModel = live.some((day) => day.rules.some((rule) => modelFits(rule, routing)));
  return refuse(takesModel ? 'NATIONALITY_NOT_ADMITTED' : 'MODEL_NOT_ADMITTED');
}

/**
 * The three days of the decree of 2010 with their rules: the DPCM of 30 November 2010 opens at
 * hour 8 (Rome) of the 31st day after publication and stays open six months.
 */
export function decree2010Rules(): readonly RoutedClickDay[] {
  return decree2010.clickDays.map((day) => ({ ...day, rules: day.rules.map(expandArt2) }));
}

function modelFits(rule: ClickDayRule, routing: Routing): boolean {
  return rule.models?.includes(routing.model) ?? true;
}

function ruleFits(rule: ClickDayRule, routing: Routing): boolean {
  const nationality = routing.nationality ?? '';
  if (!modelFits(rule, routing)) return false;
  if (rule.nationalities !== undefined && !rule.nationalities.includes(nationality)) return false;
  if (rule.exceptNationalities?.includes(nationality)) return false;
  return rule.special === undefined || rule.special.includes(routing.special ?? '');
}

function expandArt2(rule: ClickDayRule): ClickDayRule {
  const codes = codeTable('art2-nationalities')?.rows.map((row) => row.code) ?? [];
  const expand = (list: readonly string[]) =>
    list.flatMap((code) => (code === ART2 ? codes : [code]));
  const { nationalities, exceptNationalities, ...rest } = rule;
  return {
    ...rest,
    ...(nationalities === undefined ? {} : { nationalities: expand(nationalities) }),
    ...(exceptNationalities === undefined
      ? {}
      : { exceptNationalities: expand(exceptNationalities) }),
  };
}

function refuse(code: keyof typeof refusals): ClickDayChoice {
  const field = code === 'NO_CLICK_DAY' || code === 'MODEL_NOT_ADMITTED' ? '' : 'workerCitizenship';
  return { ok: false, error: { field, code, messages: refusals[code] } };
}
