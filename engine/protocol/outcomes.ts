/**
 * The one catalogue of outcomes: every stable code that leaves this system, with what it means,
 * its HTTP status or close code, whether trying again can help, and the sentence a person reads.
 *
 * Codes are for ever: a code is never renamed or given another meaning. Texts say how to mend it.
 */
import { accounts } from './outcome-catalogue/accounts.ts';
import { commandLine } from './outcome-catalogue/command-line.ts';
import { drafting } from './outcome-catalogue/drafting.ts';
import { submission, transport } from './outcome-catalogue/gate.ts';
import { helpdesk } from './outcome-catalogue/helpdesk.ts';
import { helpdeskTools } from './outcome-catalogue/helpdesk-tools.ts';
import { imports } from './outcome-catalogue/imports.ts';
import { openId } from './outcome-catalogue/openid.ts';
import { organisations } from './outcome-catalogue/organisations.ts';
import type { Outcome } from './outcome-catalogue/outcome.ts';
import { portal } from './outcome-catalogue/portal.ts';
import { receipt } from './outcome-catalogue/receipt.ts';
import { rehearsals } from './outcome-catalogue/rehearsals.ts';
import { spreadsheet } from './outcome-catalogue/spreadsheet.ts';

export type { Outcome };

export const outcomes = {
  ...submission,
  ...transport,
  ...portal,
  ...organisations,
  ...accounts,
  ...openId,
  ...drafting,
  ...receipt,
  ...rehearsals,
  ...spreadsheet,
  ...imports,
  ...helpdesk,
  ...helpdeskTools,
  ...commandLine,
} as const;

export type SubmissionCode = keyof typeof submission;
export type OutcomeCode = keyof typeof outcomes;

/** The catalogue's line of a code that comes from outside; undefined when there is none. */
export function outcomeOf(code: string): Outcome | undefined {
  return Object.hasOwn(outcomes, code) ? outcomes[code as OutcomeCode] : undefined;
}
