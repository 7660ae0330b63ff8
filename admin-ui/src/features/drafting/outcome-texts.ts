/** Words of the outcome that an office says, for the office and for whoever applied. */
import { dictionary } from '../../i18n/dictionary.ts';

export const outcomeTexts = dictionary('outcome', {
  it: {
    title: 'Esito della domanda',
    question: 'Che cosa ha deciso l’ufficio?',
    again: 'Vuoi correggere l’esito?',
    hint: 'Chi ha presentato la domanda lo vede subito, con l’ora.',
    granted: 'Accolta',
    refused: 'Respinta',
    missing: 'Scegli l’esito della domanda',
    note: 'Che cosa succede adesso',
    noteHint: 'Per chi ha presentato la domanda: per esempio quando sarà convocato, o perché no.',
    say: 'Comunica l’esito',
    done: 'Esito comunicato: chi ha presentato la domanda ora lo vede.',
  },
  en: {
    title: 'Outcome of the application',
    question: 'What has the office decided?',
    again: 'Do you want to correct the outcome?',
    hint: 'Whoever applied sees it at once, with the time.',
    granted: 'Granted',
    refused: 'Refused',
    missing: 'Choose the outcome of the application',
    note: 'What happens next',
    noteHint: 'For whoever applied: for example when they will be summoned, or why not.',
    say: 'Tell the outcome',
    done: 'Outcome told: whoever applied sees it now.',
  },
});
