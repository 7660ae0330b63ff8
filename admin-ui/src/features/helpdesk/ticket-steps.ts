/**
 * The way of a request as timeline steps: what happened with its times, where it is and what is to
 * do, what comes. Pure: what the portal says in, words out.
 */
import type { TicketStatus, TicketStep, TicketView } from '#protocol/helpdesk-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { formatInstant } from '../../i18n/time-format.ts';
import type { RequestWords } from './request-texts.ts';

type Words = { readonly [K in keyof RequestWords]: RequestWords[K] };
type Known = Pick<TicketView, 'status' | 'steps' | 'number'>;

/** What the timeline shows of a step. */
export interface WayStep {
  readonly key: string;
  readonly title: string;
  readonly state: 'done' | 'current' | 'to-come';
  readonly when?: string;
  readonly text?: string;
}

/** The straight way, in its order. */
const WAY = ['received', 'accepted', 'in-charge', 'analysis', 'answered', 'closed'] as const;
const OVER: readonly TicketStatus[] = ['closed', 'merged'];

export function ticketSteps(ticket: Known, t: Words, language: Language): WayStep[] {
  const isOver = OVER.includes(ticket.status);
  const happened = ticket.steps.map((step, index): WayStep => {
    const isLast = index === ticket.steps.length - 1;
    const state = isLast && !isOver ? 'current' : 'done';
    return {
      key: `${index}`,
      title: titleOf(step, t),
      state,
      when: formatInstant(step.at, language),
      text: textOf(step, { isCurrent: state === 'current', number: ticket.number, t }),
    };
  });
  return [...happened, ...toCome(ticket, t)];
}

function toCome({ status }: Known, t: Words): WayStep[] {
  if (OVER.includes(status)) return [];
  const reached = WAY.indexOf((status === 'waiting' ? 'analysis' : status) as (typeof WAY)[number]);
  return WAY.slice(reached + 1).map((step) => ({
    key: `to-come-${step}`,
    title: statusWord(step, t),
    state: 'to-come',
  }));
}

function titleOf({ status, by }: TicketStep, t: Words): string {
  switch (status) {
    case 'received':
      return t.stepReceived;
    case 'accepted':
      return t.stepAccepted;
    case 'waiting':
      return t.stepWaiting;
    case 'given':
      return t.stepGiven;
    case 'reopened':
      return t.stepReopened;
    case 'closed':
      return { user: t.stepClosedYou, desk: t.stepClosedDesk, time: t.stepClosedTime }[by];
    default:
      return statusWord(status, t);
  }
}

function textOf(
  { status }: TicketStep,
  { isCurrent, number, t }: { isCurrent: boolean; number: string | null; t: Words },
): string {
  const numbered = status === 'accepted' && number ? `${t.number(number)}. ` : '';
  return isCurrent ? numbered + nowText(status, t) : numbered.trim();
}

function nowText(status: TicketStep['status'], t: Words): string {
  switch (status) {
    case 'received':
      return t.nowReceived;
    case 'accepted':
      return t.nowAccepted;
    case 'waiting':
      return t.nowWaiting;
    case 'given':
      return t.nowGiven;
    case 'answered':
      return t.nowAnswered;
    default:
      return t.nowInCharge;
  }
}

/** A state in a word or two. */
export function statusWord(status: TicketStatus, t: Words): string {
  return status === 'in-charge' ? t.inCharge : t[status];
}

/** What deserves the eye: what is the reader's to do. */
export const ticketTone = {
  received: 'info',
  accepted: 'info',
  'in-charge': 'info',
  analysis: 'info',
  waiting: 'warning',
  answered: 'success',
  closed: 'neutral',
  merged: 'neutral',
} as const;

/**
 * What the desk asked, for the head of the page of a request that waits; else null. The words came
 * with the step: what the desk says later (that another request goes on in this one) is no
 * question.
 */
export function askedNow(
  ticket: Pick<TicketView, 'isForYou' | 'status' | 'messages' | 'steps'>,
): string | null {
  if (!ticket.isForYou || ticket.status !== 'waiting') return null;
  const since = ticket.steps.findLast(({ status }) => status === 'waiting')?.at;
  const said = ticket.messages.filter(({ from }) => from === 'desk');
  return (said.findLast(({ at }) => since && at <= since) ?? said.at(-1))?.text ?? null;
}
