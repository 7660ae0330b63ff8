/** Words of how mail goes. */
import { dictionary } from '../../i18n/dictionary.ts';

export const mailTexts = dictionary('admin-mail', {
  it: {
    state: 'Come va la posta',
    queued: 'in coda',
    sent: 'spedite',
    failed: 'non riuscite',
    minutesLate: 'minuti di ritardo',
    serverGone: 'Il server di posta non risponde',
    serverSaid: (reason: string) =>
      `Le e-mail restano in coda e partono da sole quando torna: non si perde nulla. Risposta: ${reason}`,
    waitsForServer: 'in attesa del server',
    queues: 'Domini con posta in coda',
    domain: 'Dominio',
    waiting: 'In coda',
    domainState: 'Stato',
    going: 'in spedizione',
    rests: (when: string) => `ha rifiutato più volte: si riprova alle ${when}`,
    attempts: 'Tentativi',
    answer: 'Risposta del server',
    next: 'Prossimo tentativo',
  },
  en: {
    state: 'How mail goes',
    queued: 'queued',
    sent: 'sent',
    failed: 'failed',
    minutesLate: 'minutes late',
    serverGone: 'The mail server does not answer',
    serverSaid: (reason) =>
      `Mail stays queued and leaves by itself when it is back: nothing is lost. It said: ${reason}`,
    waitsForServer: 'waiting for the server',
    queues: 'Domains with mail waiting',
    domain: 'Domain',
    waiting: 'Queued',
    domainState: 'State',
    going: 'being sent',
    rests: (when) => `refused several times: tried again at ${when}`,
    attempts: 'Attempts',
    answer: 'The server said',
    next: 'Next attempt',
  },
});
