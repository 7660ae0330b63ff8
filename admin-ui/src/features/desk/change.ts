/** How the parts of the handling change a ticket: resolves true when it was done. */
import type { DeskChange } from '#protocol/desk-api.ts';

export type Change = (wanted: Omit<DeskChange, 'version'>, said: string) => Promise<boolean>;
