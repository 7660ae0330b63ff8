/** What the command `page` says in a terminal. */
export const pageCommandTexts = {
  pageServed: {
    it: 'La pagina è qui (l’indirizzo vale una volta): {address}\nSi ferma con Ctrl-C; i comandi: --help.',
    en: 'The page is here (the address is good once): {address}\nStop with Ctrl-C; the commands: --help.',
  },
  pageOpened: {
    it: 'La pagina si apre nel browser. Se non si apre: {address}\nSi ferma con Ctrl-C; i comandi: --help.',
    en: 'The page opens in the browser. If it does not: {address}\nStop with Ctrl-C; the commands: --help.',
  },
  pageRuns: {
    it: 'Il programma è già in funzione con questa cartella: si apre la sua pagina.',
    en: 'The program already runs with this directory: its page is opened.',
  },
  pageBusy: {
    it: 'Il programma è già in funzione con questa cartella: {path}.',
    en: 'The program already runs with this directory: {path}.',
  },
  pageEnds: {
    it: 'Programma fermato. Ciò che era in attesa riprende al prossimo avvio.',
    en: 'Program stopped. What was waiting goes on at the next start.',
  },
} as const;
