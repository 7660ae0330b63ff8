/** How the states of an import are coloured; the word says the same. */
import type { ImportState } from '#protocol/imports-api.ts';

export const stateTones = {
  checking: 'info',
  checked: 'info',
  taking: 'info',
  taken: 'success',
  undoing: 'info',
  undone: 'neutral',
  failed: 'danger',
} as const satisfies Record<ImportState, string>;
