/**
 * The way of an application as timeline steps, and the one thing to do next. Pure: what the
 * portal says in, words out.
 */
import type { Application, ClickDayView } from '#protocol/portal-api.ts';
import type { TimelineStep } from '../../components/timeline.svelte';
import type { Language } from '../../i18n/dictionary.ts';
import { formatInstant, formatStamp } from '../../i18n/time-format.ts';
import type { ApplicationWords } from './texts.ts';

const order = ['draft', 'ready', 'submitted', 'receipt'] as const;

/** to complete → ready → submitted → receipt → forwarded, with the times of what is done. */
export function applicationSteps(options: {
  application: Application;
  day: ClickDayView | null;
  /** The state of the day by the official clock. */
  dayStatus: ClickDayView['status'] | null;
  language: Language;
  t: ApplicationWords;
}): TimelineStep[] {
  const { application, language, t } = options;
  const reached = order.indexOf(application.status);
  const state = (index: number): TimelineStep['state'] => {
    if (index < reached || (index === reached && index >= 2)) return 'done';
    return index === reached || (index === 3 && reached === 2) ? 'current' : 'to-come';
  };
  const when = (iso: string | null): string => (iso ? formatInstant(iso, language) : '');
  return [
    {
      key: 'draft',
      title: t.stepDraft,
      state: state(0),
      when: reached > 0 ? when(application.createdAt) : '',
      text: reached === 0 ? t.draftNow : '',
    },
    {
      key: 'ready',
      title: t.stepReady,
      state: state(1),
      when: when(application.readyAt),
      text: reached === 1 ? readyText(options) : '',
    },
    { key: 'submitted', title: t.stepSubmitted, state: state(2), ...submitted(options) },
    {
      key: 'receipt',
      title: t.stepReceipt,
      state: state(3),
      when: when(application.receiptAt),
      text: reached === 3 ? '' : reached === 2 ? t.receiptNow : t.receiptTodo,
    },
    { key: 'forwarded', title: t.stepForwarded, state: 'to-come', text: t.forwardedTodo },
  ];
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

function submitted(options: {
  application: Application;
  language: Language;
  t: ApplicationWords;
}): { when: string; text: string } {
  const { application, language, t } = options;
  if (!application.submission) return { when: '', text: t.submittedTodo };
  const { protocol, stamp } = application.submission;
  return { when: formatStamp(stamp, language), text: t.protocol(protocol) };
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
