/** Whether hours can be kept: pure, each problem at the field that it is in. */
import type { DeskHours } from '#protocol/desk-tools-api.ts';
import type { FieldProblem } from '#protocol/portal-api.ts';
import { fieldProblem } from '../../http/refusal.ts';
import { dayFromIso } from './rome-days.ts';
import { minuteOf } from './working-time.ts';

export const KINDS = ['technical', 'functional', 'legal'] as const;

type Spans = DeskHours['week'][number];

/** What is wrong with `hours`; nothing when it is empty. */
export function hoursProblems(hours: DeskHours): FieldProblem[] {
  const problems: FieldProblem[] = [];
  hours.week.forEach((spans, at) => {
    if (!isOrdered(spans)) problems.push(fieldProblem(`week.${at}`, 'HOURS_SPAN'));
  });
  const days = new Set<string>();
  hours.extra.forEach(({ day, spans }, at) => {
    if (!isOrdered(spans)) problems.push(fieldProblem(`extra.${at}.spans`, 'HOURS_SPAN'));
    if (days.has(day) || Number.isNaN(dayFromIso(day))) {
      problems.push(fieldProblem(`extra.${at}.day`, 'HOURS_DAY'));
    }
    days.add(day);
  });
  const names = Object.keys(hours.targets);
  if (names.length !== KINDS.length) problems.push(fieldProblem('targets', 'HOURS_TARGETS'));
  for (const kind of KINDS) {
    const target = hours.targets[kind];
    if (target === undefined || target.solutionMinutes < target.firstResponseMinutes) {
      problems.push(fieldProblem(`targets.${kind}`, 'HOURS_TARGETS'));
    }
  }
  return problems;
}

/** Each ends after it begins, and before the next one begins. */
function isOrdered(spans: Spans): boolean {
  return spans.every(({ from, until }, at) => {
    const next = spans[at + 1];
    const isForward = minuteOf(from) < minuteOf(until);
    return isForward && (next === undefined || minuteOf(until) <= minuteOf(next.from));
  });
}
