/** Sentences on several accounts and on the order of sending. */

export const organisationTexts = {
  orderHeading: {
    it: 'Ordine di invio del {id}. Domande: {count}; escluse: {left}.',
    en: 'Order of sending of {id}. Applications: {count}; left out: {left}.',
  },
  orderReset: {
    it: 'Scelte per il {id} dimenticate: usare di nuovo prepare.',
    en: 'Choices for {id} are forgotten: use prepare again.',
  },
  orderUnknown: {
    it: 'La domanda {application} non è tra quelle preparate per il {id}: nulla è cambiato.',
    en: 'Application {application} is not among those prepared for {id}: nothing is changed.',
  },
  orderLeavesNone: {
    it: 'Così non resterebbe nessuna domanda per il {id}: nulla è cambiato.',
    en: 'That would leave no application for {id}: nothing is changed.',
  },
  orderNeedsDay: {
    it: 'Con --order indicare il giorno con --click-day.',
    en: 'With --order name the day with --click-day.',
  },
  noAccounts: {
    it: 'Nessun account in {path}: usare prima login, per ciascuno con --account NOME.',
    en: 'No account in {path}: first use login, for each with --account NAME.',
  },
  oneOrAll: {
    it: 'Indicare --account NOME oppure --all-accounts, non tutti e due.',
    en: 'Give either --account NAME or --all-accounts, not both.',
  },
} as const satisfies Record<string, { readonly it: string; readonly en: string }>;
