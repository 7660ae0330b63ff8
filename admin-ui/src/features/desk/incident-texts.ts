/** Words of the known incidents as the desk writes them. */
import { dictionary } from '../../i18n/dictionary.ts';

export const incidentTexts = dictionary('desk-incidents', {
  it: {
    now: 'Guasti noti in corso',
    counts: (tickets: string, followers: string) =>
      `richieste aperte: ${tickets}; chi lo segue: ${followers}`,
    title: 'Guasti noti',
    lead: 'Chi sta per scrivere li vede prima, e può seguirli invece di aprire una richiesta.',
    create: 'Nuovo guasto',
    createTitle: 'Scrivi un guasto noto',
    editTitle: 'Aggiorna il guasto',
    none: 'Nessun guasto noto',
    noneText:
      'Quando molti chiedono la stessa cosa, scrivila qui: chi ha lo stesso problema la legge prima di scrivere.',
    incident: 'Guasto',
    since: 'Dal',
    state: 'Stato',
    open: 'In corso',
    resolved: 'Risolto',
    followers: 'Chi lo segue',
    tickets: 'Richieste aperte',
    seeTickets: (count: string) => `${count}: mostra`,
    edit: 'Aggiorna',
    whatHint: 'Che cosa succede, che cosa fate, che cosa può fare chi legge.',
    messageIt: 'Messaggio in italiano per chi lo segue',
    messageEn: 'Messaggio in inglese per chi lo segue',
    messageHint: 'Parte subito per e-mail. Senza messaggio nessuno viene avvisato.',
    isResolved: 'È risolto: non si vede più prima di scrivere',
    publish: 'Pubblica il guasto',
    save: 'Salva e aggiorna',
    savedToast: 'Salvato. Chi apre il modulo lo vede da adesso.',
    messagePartly: 'Scrivi il messaggio in entrambe le lingue, o in nessuna',
    bulk: 'Rispondi a tutte le richieste aperte collegate',
    bulkText: (count: number) =>
      count === 1
        ? 'C’è 1 richiesta aperta collegata a questo guasto.'
        : `Ci sono ${count} richieste aperte collegate a questo guasto.`,
    bulkNone: 'Nessuna richiesta aperta è collegata: si collegano dalla pagina della richiesta.',
    andClose: 'Chiudi anche le richieste',
    send: (count: number) => `Invia a ${count}`,
  },
  en: {
    now: 'Known incidents going on',
    counts: (tickets, followers) => `open tickets: ${tickets}; followers: ${followers}`,
    title: 'Known incidents',
    lead: 'Who is about to write sees them first, and can follow them instead of opening a ticket.',
    create: 'New incident',
    createTitle: 'Write a known incident',
    editTitle: 'Update the incident',
    none: 'No known incident',
    noneText:
      'When many ask the same thing, write it here: who has the same problem reads it before writing.',
    incident: 'Incident',
    since: 'Since',
    state: 'State',
    open: 'Going on',
    resolved: 'Resolved',
    followers: 'Followers',
    tickets: 'Open tickets',
    seeTickets: (count) => `${count}: show`,
    edit: 'Update',
    whatHint: 'What is happening, what you do about it, what the reader can do.',
    messageIt: 'Message in Italian for its followers',
    messageEn: 'Message in English for its followers',
    messageHint: 'Mailed at once. Without a message nobody is told.',
    isResolved: 'It is resolved: no longer shown before writing',
    publish: 'Publish the incident',
    save: 'Save and update',
    savedToast: 'Saved. Who opens the form sees it from now on.',
    messagePartly: 'Write the message in both languages, or in none',
    bulk: 'Answer all open tickets linked to it',
    bulkText: (count) =>
      count === 1
        ? 'There is 1 open ticket linked to this incident.'
        : `There are ${count} open tickets linked to this incident.`,
    bulkNone: 'No open ticket is linked to it: they are linked on the page of the ticket.',
    andClose: 'Close the tickets as well',
    send: (count) => `Send to ${count}`,
  },
});
