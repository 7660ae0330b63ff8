/** Words of the desk's keys. */
import { dictionary } from '../../i18n/dictionary.ts';

export const shortcutTexts = dictionary('desk-shortcuts', {
  it: {
    open: 'Tasti rapidi',
    title: 'Tasti rapidi dell’assistenza',
    text: 'Valgono in queste pagine, mai mentre scrivi.',
    isOn: 'Usa i tasti rapidi in questo browser',
    close: 'Chiudi',
    next: 'Richiesta successiva',
    previous: 'Richiesta precedente',
    take: 'Prendi in carico, o assegna a te',
    answer: 'Scrivi la risposta',
    note: 'Scrivi una nota interna',
    search: 'Cerca tra le richieste',
    help: 'Mostra questi tasti',
    walk: 'Altre richieste della coda',
    position: (at: number, of: number) => `${at} di ${of} nella coda`,
  },
  en: {
    open: 'Keyboard shortcuts',
    title: 'Keyboard shortcuts of the desk',
    text: 'They work on these pages, never while you type.',
    isOn: 'Use keyboard shortcuts in this browser',
    close: 'Close',
    next: 'Next ticket',
    previous: 'Previous ticket',
    take: 'Take in charge, or assign to yourself',
    answer: 'Write the answer',
    note: 'Write an internal note',
    search: 'Search the tickets',
    help: 'Show these keys',
    walk: 'Other tickets of the queue',
    position: (at, of) => `${at} of ${of} in the queue`,
  },
});
