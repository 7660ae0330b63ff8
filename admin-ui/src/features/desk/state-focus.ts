/** After a step the buttons are others: the focus goes to the head that says how it stands now. */
import { tick } from 'svelte';
import type { App } from '../../app-context.ts';

export async function focusState(): Promise<void> {
  await tick();
  document.getElementById('ticket-state')?.focus({ preventScroll: true });
}

/** When it was done: says so, and leads the focus to where the ticket stands now. */
export async function announced(app: App, isDone: Promise<boolean>, said: string): Promise<void> {
  if (!(await isDone)) return;
  app.notifications.show('success', said);
  await focusState();
}
