/** What is said of logging in and out, Italian and English. */
export const sessionTexts = {
  loggedIn: {
    it: 'Accesso fatto come {email}, valido fino a {until}.',
    en: 'Logged in as {email}, valid until {until}.',
  },
  changePassword: {
    it: 'La password è ancora quella provvisoria: cambiarla sul portale {portal}, poi rifare l’accesso.',
    en: 'The password is still the one-time one: change it on the portal {portal}, then log in again.',
  },
  password: { it: 'Password: ', en: 'Password: ' },
  deviceCode: {
    it: 'Aprire {uri} nel browser, accedere e scrivere questo codice: {code}\nQui si aspetta la conferma (dieci minuti).',
    en: 'Open {uri} in a browser, log in and type this code: {code}\nWaiting here for your approval (ten minutes).',
  },
  deviceInterrupted: {
    it: 'Interrotto: nessun accesso. Rifare login --device per un nuovo codice.',
    en: 'Broken off: not logged in. Use login --device again for a new code.',
  },
  loginHow: {
    it: 'Indicare --email INDIRIZZO oppure --device, non tutti e due.',
    en: 'Give either --email ADDRESS or --device, not both.',
  },
  passwordMissing: {
    it: 'Nessuna password: scriverla oppure passarla con --password-stdin.',
    en: 'No password: type it or hand it over with --password-stdin.',
  },
  code: { it: 'Codice di verifica: ', en: 'Verification code: ' },
  codeMissing: {
    it: 'L’account ha la verifica in due passaggi: scrivere il codice dell’app oppure passarlo con --totp.',
    en: 'The account has two-step verification: type the code of the app or hand it over with --totp.',
  },
  loggedOut: { it: 'Sessione chiusa.', en: 'Logged out.' },
  diskFull: {
    it: 'Il disco è pieno ({code}): liberare spazio, o usare --directory con un altro disco.',
    en: 'The disk is full ({code}): free some space, or use --directory with another disk.',
  },
  notWritable: {
    it: 'La cartella non si può scrivere ({code}): controllare i permessi, o usare --directory.',
    en: 'The directory cannot be written ({code}): check its permissions, or use --directory.',
  },
  portTaken: {
    it: 'La porta è già usata da un altro programma ({code}): sceglierne un’altra con --port, o nessuna.',
    en: 'Another program uses this port already ({code}): choose another with --port, or none.',
  },
  notLoggedIn: {
    it: 'Nessuna sessione: usare prima login --portal URL --email INDIRIZZO, o --device.',
    en: 'Not logged in: first use login --portal URL --email ADDRESS, or --device.',
  },
} as const;
