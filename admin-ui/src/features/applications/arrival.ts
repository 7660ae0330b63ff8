/** What is worth saying aloud when an application changes while its page is open. */
import type { Application } from '#protocol/portal-api.ts';

const order = ['draft', 'ready', 'submitted', 'receipt'];

/** `now`, when it has been accepted or has got its receipt since `before`; else null. */
export function arrival(before: Application | null, now: Application): Application | null {
  if (before === null || before.id !== now.id) return null;
  const [was, is] = [before, now].map(({ status }) => order.indexOf(status));
  return is! > was! && is! >= 2 ? now : null;
}
