/** What the portal says about organisations and their members. */
import type { Outcome } from './outcome.ts';

export const organisations = {
  ROLE_INSUFFICIENT: {
    status: 403,
    retryable: false,
    it: 'Il tuo ruolo non lo permette: chiedilo a un amministratore della tua organizzazione.',
    en: 'Your role does not allow this: ask an administrator of your organisation.',
  },
} as const satisfies Record<string, Outcome>;
