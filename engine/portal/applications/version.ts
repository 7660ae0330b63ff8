/**
 * A version of an application: what it says at the moment it is made ready, fixed by a digest.
 * Click day and office follow from the answers, the salt makes the digest say nothing about them.
 */
import type { FieldError, FormDefinition, FormValues } from '#protocol/forms/index.ts';
import type { Random } from '../../foundation/random.ts';
import { requiredAttachments } from '../attachments/required.ts';
import { type ClickDayFacts, clickDayOnWire } from '../calendar/store.ts';
import { Refusal } from '../http/refusal.ts';
import {
  type AttachedFile,
  applicationTitle,
  canonicalApplication,
  clickDayFor,
  competentOffice,
  digestOf,
  type Models,
  newSalt,
  type RoutedClickDay,
  routingOf,
} from '../models/index.ts';
import type { ApplicationRow, VersionRow } from './store.ts';

export interface VersionWish {
  readonly row: Pick<ApplicationRow, 'id'>;
  readonly form: FormDefinition;
  readonly models: Models;
  /** Complete and normalised. */
  readonly values: FormValues;
  /** The files that are attached; the version names them. Left out for samples: none is asked. */
  readonly attached?: readonly AttachedFile[];
  readonly clickDays: readonly ClickDayFacts[];
  readonly nowUs: number;
  readonly random: Random;
}

export interface MadeVersion {
  readonly version: VersionRow;
  /** What changes in the application's row. */
  readonly ready: Partial<ApplicationRow>;
}

/** Refuses INCOMPLETE, naming the field, when no click day takes it or no office is competent. */
export function makeVersion(wish: VersionWish): MadeVersion {
  const { row, form, models, values, attached = [], nowUs } = wish;
  const missing = wish.attached === undefined ? [] : requiredAttachments(form, wish.attached);
  if (missing.length > 0) throw new Refusal('INCOMPLETE', { errors: missing });
  const choice = clickDayFor(routingOf(form, values), wish.clickDays.map(routed), nowUs);
  if (!choice.ok) throw new Refusal('INCOMPLETE', { errors: [onItsPage(form, choice.error)] });
  const office = competentOffice(models, form, values);
  if (office === undefined) throw new Refusal('INCOMPLETE');
  const salt = newSalt(wish.random);
  const parts = { id: row.id, model: form.code, version: form.version, values, salt, attached };
  const canonical = canonicalApplication(parts);
  const fixed = {
    click_day: choice.clickDay,
    office: office.office,
    office_criterion: office.criterion,
    title: applicationTitle(form, values),
    digest: digestOf(canonical),
  };
  return {
    version: { ...fixed, application: row.id, salt, canonical, made_at_us: nowUs, issued: 0 },
    ready: { ...fixed, status: 'ready', ready_at_us: nowUs, updated_at_us: nowUs },
  };
}

/** The answers that a version fixed, all pages merged. */
export function valuesOf(version: Pick<VersionRow, 'canonical'>): FormValues {
  return (JSON.parse(version.canonical) as { values: FormValues }).values;
}

/** The page of the form that has the field, so that the person is led there. */
function onItsPage(form: FormDefinition, error: FieldError): FieldError {
  const page = form.pages.find(({ schema }) => schema.properties[error.field] !== undefined);
  return page === undefined ? error : { page: page.number, ...error };
}

/** A click day as the choice among them wants it. */
export function routed(day: ClickDayFacts): RoutedClickDay {
  const { id, opensAt, closesAt } = clickDayOnWire(day);
  return { id, name: day.name, opensAt, closesAt, rules: day.rules };
}
