/**
 * Whom to believe when the time servers and the machine's own date contradict each other. Servers
 * that all lie alike cannot be outvoted among themselves; three witnesses can outvote one another:
 *
 *     servers     what they agree on now (`selection.ts`)
 *     date        the system's date, as the machine's own clock or somebody set it
 *     reference   what was last believed on this boot, carried on by the monotonic clock
 *
 * The servers are believed when one of the other two agrees with them. When none does they are
 * doubted: every claim that is left counts in the uncertainty, so that a day opens early by none
 * of them, and late until somebody has mended what is wrong. Pure: the caller passes time in.
 *
 * It cannot see servers that lie together with the date of a machine just booted, as when that
 * date is kept by the same servers; nor a lie below the limit.
 */
import { type Estimate, errorAt } from './selection.ts';

/** What a witness says: an interval that widens from its instant on. */
export interface Claim extends Estimate {
  readonly driftPpm: number;
}

export interface Witnesses {
  readonly servers: Claim;
  readonly date: Claim;
  /** Undefined when nothing was believed on this boot. */
  readonly reference: Claim | undefined;
}

export interface DoubtLimits {
  /** Claims that lie further apart than this, beyond their errors, contradict each other. */
  readonly limitUs: number;
  /** Monotonic. */
  readonly nowUs: number;
}

export interface Doubt {
  /** What may be true; the date is left out where the reference says the same. */
  readonly claims: readonly Claim[];
  /** For a log line or a screen: who says what. */
  readonly detail: string;
}

/** Undefined: the servers are to be believed. */
export function doubtOf(witnesses: Witnesses, limits: DoubtLimits): Doubt | undefined {
  const { servers, date } = witnesses;
  const reference = isSharp(witnesses.reference, limits) ? witnesses.reference : undefined;
  if (agree(servers, date, limits)) return undefined;
  if (reference !== undefined && agree(servers, reference, limits)) return undefined;
  const isDateConfirmed = reference !== undefined && agree(reference, date, limits);
  const claims = [servers, ...(isDateConfirmed ? [] : [date])];
  const said = reference === undefined ? 'nothing' : isDateConfirmed ? 'the date' : 'neither';
  const apartUs = Math.round(servers.offsetUs - date.offsetUs);
  return {
    claims: witnesses.reference === undefined ? claims : [...claims, witnesses.reference],
    detail: `servers minus date: ${apartUs} µs; the last reference confirms ${said}`,
  };
}

/** Readings are rounded down to a microsecond. */
const ROUNDING_US = 1;

/** How far what may be true lies from the line at most. O(claims), of which there are three. */
export function uncertaintyOf(claims: readonly Claim[], lineOffsetUs: number, nowUs: number) {
  let boundUs = 0;
  for (const claim of claims) {
    const errorUs = errorAt(claim, nowUs, claim.driftPpm);
    boundUs = Math.max(boundUs, errorUs + Math.abs(lineOffsetUs - claim.offsetUs));
  }
  return Math.ceil(boundUs + ROUNDING_US);
}

/** A reference so old that its own error exceeds the limit contradicts nobody. */
export function isSharp(claim: Claim | undefined, { limitUs, nowUs }: DoubtLimits): boolean {
  return claim !== undefined && errorAt(claim, nowUs, claim.driftPpm) <= limitUs;
}

export function agree(one: Claim, other: Claim, { limitUs, nowUs }: DoubtLimits): boolean {
  const errorsUs = errorAt(one, nowUs, one.driftPpm) + errorAt(other, nowUs, other.driftPpm);
  return Math.abs(one.offsetUs - other.offsetUs) <= limitUs + errorsUs;
}
