/**
 * On which click day an application is sent: a function of model, nationality and special flag,
 * never of the model alone (domain notes §4).
 *
 * Each click day carries its rules as data; which answer is the nationality and what raises a flag
 * is said by the form's definition. A rule that names special flags beats one that does not: a
 * worker of Italian descent goes to the day that asks for it although another day's rule would
 * take every other nationality. Among equals the earliest opening wins.
 */
import {
  type CodeTable,
  conditionsHold,
  type FieldError,
  type FormDefinition,
  type FormValues,
  type Texts,
} from '#protocol/forms/index.ts';
import type { ClickDayRule } from '#protocol/portal-api.ts';
import { usFromIso } from '#protocol/time.ts';

/** What decides the click day. */
export interface Routing {
  readonly model: string;
  /** The field that a person can change when no day takes the nationality; '' without one. */
  readonly nationalityField: string;
  /** State code; undefined while not answered, and always when the form asks for none. */
  readonly nationality: string | undefined;
  /** Code of the flag that is raised, or null. */
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

/** In a rule's nationalities of a calendar file: every code of the table named after it. */
const TABLE = 'table:';

const refusals = {
  NATIONALITY_MISSING: {
    it: 'Scrivi la cittadinanza: decide il click day.',
    en: 'Give the citizenship: it decides the click day.',
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
export function routingOf({ code, meaning }: FormDefinition, values: FormValues): Routing {
  const nationality = values[meaning.nationality ?? ''];
  const flag = meaning.special?.find(({ when }) => conditionsHold(when, values));
  return {
    model: code,
    nationalityField: meaning.nationality ?? '',
    nationality: typeof nationality === 'string' ? nationality : undefined,
    special: flag?.code ?? null,
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
  const isMissing = routing.nationalityField !== '' && routing.nationality === undefined;
  if (isMissing) return refuse('NATIONALITY_MISSING', routing);
  const live = clickDays
    .filter((day) => nowUs === undefined || usFromIso(day.closesAt) > nowUs)
    .toSorted((one, other) => usFromIso(one.opensAt) - usFromIso(other.opensAt));
  const fitting = live.filter((day) => day.rules.some((rule) => ruleFits(rule, routing)));
  const special = fitting.find((day) =>
    day.rules.some((rule) => rule.special !== undefined && ruleFits(rule, routing)),
  );
  const chosen = special ?? fitting[0];
  if (chosen !== undefined) return { ok: true, clickDay: chosen.id };
  if (live.length === 0) return refuse('NO_CLICK_DAY', routing);
  const takesModel = live.some((day) => day.rules.some((rule) => modelFits(rule, routing)));
  return refuse(takesModel ? 'NATIONALITY_NOT_ADMITTED' : 'MODEL_NOT_ADMITTED', routing);
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

/** The rule of a calendar file with its tables of nationalities written out. */
export function expandTables(
  rule: ClickDayRule,
  table: (name: string) => CodeTable | undefined,
): ClickDayRule {
  const expand = (list: readonly string[]) =>
    list.flatMap((code) => {
      if (!code.startsWith(TABLE)) return [code];
      return table(code.slice(TABLE.length))?.rows.map((row) => row.code) ?? [];
    });
  const { nationalities, exceptNationalities, ...rest } = rule;
  return {
    ...rest,
    ...(nationalities && { nationalities: expand(nationalities) }),
    ...(exceptNationalities && { exceptNationalities: expand(exceptNationalities) }),
  };
}

function refuse(code: keyof typeof refusals, { nationalityField }: Routing): ClickDayChoice {
  const isAboutNationality = code === 'NATIONALITY_MISSING' || code === 'NATIONALITY_NOT_ADMITTED';
  const field = isAboutNationality ? nationalityField : '';
  return { ok: false, error: { field, code, messages: refusals[code] } };
}
