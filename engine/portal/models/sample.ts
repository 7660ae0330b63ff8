/**
 * Made-up but believable people and applications, for the fixture, the rehearsal and tests.
 */
import type { Random } from '#engine/foundation/random.ts';
import type { FormValues } from '#protocol/forms/index.ts';

type Dice = Pick<Random, 'integer'>;

/** What the sample must be; the rest is drawn by the published proportions. */
export interface SampleWish {
  readonly random: Dice;
  /** The day the application is written, `YYYY-MM-DD` in Rome; documents are valid on it. */
  readonly todayIso: string;
  readonly model?: 'A' | 'B';
  /** State code of the worker's citizenship. */
  readonly nationality?: string;
  /** Sigla of the province of the place of work. */
  readonly province?: string;
}

export interface Sample {
  readonly model: 'A' | 'B';
  readonly version: number;
  /** Answers of all pages merged; `validateAll` finds nothing wrong. */
  readonly values: FormValues;
  /** The same answers page by page, as the portal stores them. */
  readonly pages: readonly { readonly number: number; readonly values: FormValues }[];
}

export interface SampleAccount {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly codiceFiscale: string;
}

/** One complete, valid application. */
export function sampleApplication(wish: SampleWish): Sample {
  throw new Error(`not yet: ${wish.todayIso}`);
}

/** One person with a consistent codice fiscale; the address is unique by its `serial`. */
export function sampleAccount(random: Dice, serial: number): SampleAccount {
  throw new Error(`not yet: ${random.integer(1)}${serial}`);
}
