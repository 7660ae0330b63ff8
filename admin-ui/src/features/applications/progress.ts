/**
 * The way of an application as timeline steps, and the one thing to do next. Pure: what the
 * portal says in, words out.
 */
import { WAY, type Way, type WayStep } from '#protocol/drafting-api.ts';
import type { Application, ClickDayView } from '#protocol/portal-api.ts';
import type { TimelineStep } from '../../components/timeline.svelte';
import type { Language } from '../../i18n/dictionary.ts';
import { formatInstant, formatStamp } from '../../i18n/time-format.ts';
import { outcomeText } from '../drafting/outcome-text.ts';
import type { DraftingWords } from '../drafting/texts.ts';
import type { ApplicationWords } from './texts.ts';

/** A step that only others take is waited for; the person's own are for them to do now. */
const doneAt: readonly WayStep[] = ['submitted', 'receipt', 'forwarded', 'outcome'];

/** Each step of the way, with the times of what is done and a word on what comes. */
export function applicationSteps(options: {
  application: Application;
  /** Null while it is being asked for: the application itself knows most of it. */
  way: Way | null;
  day: ClickDayView | null;
  /** The state of the day by the official clock. */
  dayStatus: ClickDayView['status'] | null;
  language: Language;
  t: ApplicationWords;
  d: DraftingWords;
}): TimelineStep[] {
  const { application, way, language } = options;
  const present = way?.present ?? presentOf(application);
  const reached = WAY.indexOf(present);
  const isWaiting = present === 'submitted';
  return WAY.map((step, index) => {
    const isDone = index < reached || (index === reached && doneAt.includes(present));
    const isCurrent = index === reached || (isWaiting && step === 'receipt');
    const state = isDone ? 'done' : isCurrent ? 'current' : 'to-come';
    const { title, text } = wordsOf(step, state, options);
    return { key: step, title, state, when: whenOf(step, { application, way, language }), text };
  });
}

/** Where an application is, by itself alone. */
export function presentOf(application: Application): WayStep {
  if (application.status !== 'draft') return application.status;
  return firstIncompletePage(application) === null ? 'to-validate' : 'to-complete';
}

function whenOf(
  step: WayStep,
  known: { application: Application; way: Way | null; language: Language },
): string {
  const { application, way, language } = known;
  if (step === 'submitted' && application.submission) {
    return formatStamp(application.submission.stamp, language);
  }
  const at = way?.steps.find((each) => each.step === step)?.at;
  return at ? formatInstant(at, language) : '';
}

function wordsOf(
  step: WayStep,
  state: TimelineStep['state'],
  options: Parameters<typeof applicationSteps>[0],
): { title: string; text: string } {
  const { application, t, d } = options;
  const isHere = state === 'current';
  const isDone = state === 'done';
  switch (step) {
    case 'to-complete':
      return { title: t.stepDraft, text: isHere ? t.draftNow : '' };
    case 'to-validate':
      return {
        title: d.stepToValidate,
        text: isHere ? d.toValidateNow : isDone ? '' : d.toValidateTodo,
      };
    case 'ready':
      return { title: t.stepReady, text: isHere ? readyText(options) : isDone ? '' : d.readyTodo };
    case 'submitted': {
      const { submission } = application;
      return {
        title: t.stepSubmitted,
        text: submission ? t.protocol(submission.protocol) : t.submittedTodo,
      };
    }
    case 'receipt':
      return { title: t.stepReceipt, text: isDone ? '' : isHere ? t.receiptNow : t.receiptTodo };
    case 'forwarded':
      return { title: t.stepForwarded, text: isDone ? '' : t.forwardedTodo };
    case 'outcome':
      return { title: d.stepOutcome, text: isDone ? saidOutcome(options) : d.outcomeTodo };
  }
}

function saidOutcome({ way, language }: Parameters<typeof applicationSteps>[0]): string {
  const said = way?.steps.find(({ step }) => step === 'outcome');
  return outcomeText(said?.detail, language);
}

function readyText(options: {
  day: ClickDayView | null;
  dayStatus: ClickDayView['status'] | null;
  language: Language;
  t: ApplicationWords;
}): string {
  const { day, dayStatus, language, t } = options;
  if (dayStatus === 'open') return t.readyOpen;
  if (dayStatus === 'closed') return t.readyClosed;
  return day ? t.readyNow(formatInstant(day.opensAt, language)) : t.readyNowNoDay;
}

/** Number of pages that are complete. */
export function completePages(application: Application): number {
  return application.pages.filter((page) => page.complete).length;
}

/** The first page that still lacks something, or null when the review is next. */
export function firstIncompletePage(application: Application): number | null {
  return application.pages.find((page) => !page.complete)?.number ?? null;
}

/** Where the primary button of an application leads. */
export function nextStep(
  application: Application,
  t: ApplicationWords,
): { href: string; text: string } {
  const base = `/applications/${application.id}`;
  if (application.status === 'draft') {
    const page = firstIncompletePage(application);
    return page === null
      ? { href: `${base}/review`, text: t.review }
      : { href: `${base}/pages/${page}`, text: t.continueForm };
  }
  if (application.status === 'ready') return { href: '/mini-client', text: t.howToSend };
  return { href: base, text: t.nextSubmitted };
}

export const statusTone = {
  draft: 'warning',
  ready: 'info',
  submitted: 'success',
  receipt: 'success',
} as const;
