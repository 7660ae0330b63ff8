/** After a step the buttons are others: the focus goes to the head that says how it stands now. */
import { tick } from 'svelte';

export async function focusState(): Promise<void> {
  await tick();
  document.getElementById('ticket-state')?.focus({ preventScroll: true });
}
