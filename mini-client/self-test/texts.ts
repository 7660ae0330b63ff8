/** The sentences of the self-test. `{name}` is filled in; a key with `Do` says what to do. */
import type { Language } from '#protocol/portal-api.ts';
import type { CheckResult, Light } from '../core/index.ts';

const texts = {
  portal: {
    it: 'Il portale {url} risponde in {ms} ms.',
    en: 'The portal {url} answers in {ms} ms.',
  },
  portalDo: {
    it: 'Controllare l’indirizzo e la connessione. Chi ha già preparato può inviare anche senza portale.',
    en: 'Check the address and the connection. Who has prepared can send without the portal.',
  },
  session: { it: 'Accesso di {email} valido.', en: 'Log-in of {email} is valid.' },
  sessionDo: {
    it: 'Fare di nuovo l’accesso (login): senza, non si può fare la prova di invio.',
    en: 'Log in again (login): without it no practice submission can be made.',
  },
  build: { it: 'Programma aggiornato ({version}).', en: 'The program is up to date ({version}).' },
  buildSources: {
    it: 'Programma eseguito dai sorgenti: nessuna versione da confrontare.',
    en: 'The program runs from its sources: no version to compare.',
  },
  buildUnknown: {
    it: 'Il portale non offre versioni del programma per questo computer.',
    en: 'The portal offers no build of the program for this computer.',
  },
  buildNewer: {
    it: 'Il portale ha la versione {offered} del programma; questa è la {version}.',
    en: 'The portal has version {offered} of the program; this one is {version}.',
  },
  buildNewerDo: {
    it: 'Scaricarla dal portale e rifare il collaudo, ma non il giorno del click day.',
    en: 'Download it from the portal and test again, but not on the click day.',
  },
  tls: {
    it: 'Connessione cifrata con {host}: certificato valido ancora {days} giorni.',
    en: 'Encrypted connection to {host}: the certificate is valid for {days} more days.',
  },
  tlsPlain: {
    it: 'La connessione con {host} non è cifrata.',
    en: 'The connection to {host} is not encrypted.',
  },
  tlsPlainHere: {
    it: '{host} è su questo computer: la connessione non ha bisogno di essere cifrata.',
    en: '{host} is on this computer: the connection needs no encryption.',
  },
  tlsPlainDo: {
    it: 'Usare l’indirizzo https:// o wss://, se il gestore lo offre.',
    en: 'Use the https:// or wss:// address, if the operator offers one.',
  },
  tlsSoon: {
    it: 'Il certificato di {host} scade tra {days} giorni.',
    en: 'The certificate of {host} expires in {days} days.',
  },
  tlsSoonDo: {
    it: 'Se il click day è dopo, avvisare il gestore del portale.',
    en: 'If the click day is later than that, tell whoever runs the portal.',
  },
  tlsWrong: {
    it: 'Il certificato di {host} non è valido: {reason}.',
    en: 'The certificate of {host} is not valid: {reason}.',
  },
  tlsWrongDo: {
    it: 'Controllare data e ora del computer; se c’è un proxy che apre le connessioni cifrate, chiedere a chi gestisce la rete di escludere questo indirizzo.',
    en: 'Check date and time of this computer; if a proxy opens encrypted connections, ask who runs the network to leave this address out.',
  },
  tlsUnreached: {
    it: 'Il certificato di {host} non si è potuto leggere: {reason}.',
    en: 'The certificate of {host} could not be read: {reason}.',
  },
  proxyNone: { it: 'Nessun proxy impostato.', en: 'No proxy is set.' },
  proxyPassed: {
    it: 'È impostato un proxy ({proxies}), ma i varchi si raggiungono direttamente.',
    en: 'A proxy is set ({proxies}), but the gates are reached directly.',
  },
  proxyBlocks: {
    it: 'È impostato un proxy ({proxies}) e non tutti i varchi si raggiungono.',
    en: 'A proxy is set ({proxies}) and not all gates are reached.',
  },
  proxyBlocksDo: {
    it: 'Questo programma si collega direttamente: chiedere a chi gestisce la rete di far passare i WebSocket verso i varchi.',
    en: 'This program connects directly: ask who runs the network to let WebSocket through to the gates.',
  },
  gate: {
    it: 'Varco {url}: andata e ritorno {median} ms, al peggio {worst} ms su {count}.',
    en: 'Gate {url}: round trip {median} ms, {worst} ms at worst of {count}.',
  },
  gateSlow: {
    it: 'Varco {url} lontano o linea carica: andata e ritorno {median} ms, al peggio {worst} ms su {count}.',
    en: 'Gate {url} is far or the line is busy: round trip {median} ms, {worst} ms at worst of {count}.',
  },
  gateSlowDo: {
    it: 'Usare un cavo invece del Wi-Fi e chiudere ciò che scarica o trasmette.',
    en: 'Use a cable instead of Wi-Fi, and close what downloads or streams.',
  },
  gateFails: {
    it: 'Varco {url} non raggiungibile: {reason}.',
    en: 'Gate {url} cannot be reached: {reason}.',
  },
  gateFailsDo: {
    it: 'Controllare rete, proxy e firewall: serve il WebSocket verso questo indirizzo.',
    en: 'Check network, proxy and firewall: WebSocket to this address is needed.',
  },
  gateRefuses: {
    it: 'Il varco {url} rifiuta il libretto: {reason}.',
    en: 'Gate {url} refuses the passbook: {reason}.',
  },
  gateRefusesDo: {
    it: 'Preparare di nuovo (prepare) e rifare il collaudo.',
    en: 'Prepare again (prepare), and test again.',
  },
  gateNone: { it: 'Nessun varco conosciuto.', en: 'No gate is known.' },
  gateNoneDo: {
    it: 'Riprovare quando il portale risponde, o indicare un varco con --gate.',
    en: 'Try again when the portal answers, or name a gate with --gate.',
  },
  clock: {
    it: 'Orologio di questo computer: {error} ms rispetto all’ora dei varchi (± {bound} ms).',
    en: 'Clock of this computer: {error} ms from the time of the gates (± {bound} ms).',
  },
  clockOff: {
    it: 'L’orologio di questo computer sbaglia di {error} s rispetto ai varchi (± {bound} ms). L’invio usa l’ora dei varchi.',
    en: 'The clock of this computer is {error} s off the time of the gates (± {bound} ms). Sending uses the time of the gates.',
  },
  clockDo: {
    it: 'Regolare l’ora del computer: attivare l’ora automatica nelle impostazioni.',
    en: 'Set the time of this computer: switch on automatic time in its settings.',
  },
  clockUnsynchronised: {
    it: 'Orologio di questo computer: {error} ms rispetto all’ora dei varchi (± {bound} ms). Un varco non è sincronizzato.',
    en: 'Clock of this computer: {error} ms from the time of the gates (± {bound} ms). A gate is not synchronised.',
  },
  clockUnsynchronisedDo: {
    it: 'Non dipende da questo computer; avvisare il gestore del portale.',
    en: 'It is not this computer’s doing; tell whoever runs the portal.',
  },
  clockUnknown: {
    it: 'Ora dei varchi sconosciuta: nessuno ha risposto.',
    en: 'The time of the gates is unknown: none answered.',
  },
  ntp: {
    it: 'Orologio di questo computer: {error} ms rispetto a {server} (± {bound} ms).',
    en: 'Clock of this computer: {error} ms from {server} (± {bound} ms).',
  },
  ntpOff: {
    it: 'L’orologio di questo computer sbaglia di {error} ms rispetto a {server} (± {bound} ms).',
    en: 'The clock of this computer is {error} ms off {server} (± {bound} ms).',
  },
  ntpUnreached: {
    it: 'Nessun server dell’ora risponde ({servers}).',
    en: 'No time server answers ({servers}).',
  },
  ntpUnreachedDo: {
    it: 'Non serve all’invio. Se la rete blocca l’NTP (porta UDP 123), il confronto coi varchi basta.',
    en: 'Sending does not need it. If the network blocks NTP (UDP port 123), the gates’ time is enough.',
  },
  disk: {
    it: 'Cartella {path}: {free} MB liberi, scrittura su disco in {sync} ms.',
    en: 'Directory {path}: {free} MB free, a line is on disk in {sync} ms.',
  },
  diskSlow: {
    it: 'Cartella {path}: disco lento ({sync} ms per riga), {free} MB liberi.',
    en: 'Directory {path}: the disk is slow ({sync} ms a line), {free} MB free.',
  },
  diskSlowDo: {
    it: 'Chiudere ciò che usa il disco, o scegliere con --directory una cartella su un disco interno.',
    en: 'Close what uses the disk, or choose a directory on an internal disk with --directory.',
  },
  diskLow: {
    it: 'Cartella {path}: restano solo {free} MB.',
    en: 'Directory {path}: only {free} MB are left.',
  },
  diskLowDo: { it: 'Liberare spazio sul disco.', en: 'Free some space on the disk.' },
  diskFails: {
    it: 'La cartella di lavoro non si può scrivere: {reason}.',
    en: 'The working directory cannot be written: {reason}.',
  },
  diskFailsDo: {
    it: 'Liberare spazio, o scegliere un’altra cartella con --directory.',
    en: 'Free some space, or choose another directory with --directory.',
  },
  powerMains: { it: 'Computer collegato alla corrente.', en: 'The computer is plugged in.' },
  powerNone: { it: 'Computer senza batteria.', en: 'The computer has no battery.' },
  powerBattery: {
    it: 'Il computer va a batteria.',
    en: 'The computer runs on its battery.',
  },
  powerBatteryDo: {
    it: 'Il giorno del click day collegarlo alla corrente e disattivare la sospensione.',
    en: 'Plug it in on the click day, and switch standby off.',
  },
  powerSleeps: {
    it: 'Il computer si sospende da solo dopo {minutes} minuti.',
    en: 'The computer goes to sleep by itself after {minutes} minutes.',
  },
  powerSleepsDo: {
    it: 'Il giorno del click day disattivare la sospensione.',
    en: 'Switch standby off on the click day.',
  },
  powerUnknown: {
    it: 'L’alimentazione non si è potuta leggere.',
    en: 'The power supply could not be read.',
  },
  powerUnknownDo: {
    it: 'Controllare a mano: corrente collegata e sospensione disattivata.',
    en: 'Check by hand: plugged in, and standby switched off.',
  },
  practice: {
    it: 'Prova di invio al varco {url}: accettata con il numero {protocol} in {ms} ms.',
    en: 'Practice submission to {url}: accepted as {protocol} in {ms} ms.',
  },
  practiceRefused: {
    it: 'Prova di invio al varco {url} rifiutata: {code}. {message}',
    en: 'Practice submission to {url} refused: {code}. {message}',
  },
  practiceRefusedDo: {
    it: 'Rifare il collaudo; se si ripete, scrivere all’assistenza con questo codice.',
    en: 'Test again; if it stays so, write to the help desk with this code.',
  },
  practiceLost: {
    it: 'La prova di invio al varco {url} non ha avuto risposta in {seconds} secondi.',
    en: 'The practice submission to {url} got no answer within {seconds} seconds.',
  },
  practiceRests: {
    it: 'Ora non si può provare l’invio: le prove riprendono {from}.',
    en: 'Sending cannot be practised now: it can again {from}.',
  },
  practiceRestsDo: {
    it: 'Rifare il collaudo allora. Il resto è stato controllato.',
    en: 'Test again then. The rest was checked.',
  },
  practiceNone: {
    it: 'Questo portale non offre prove di invio.',
    en: 'This portal offers no practice submissions.',
  },
  practiceFails: {
    it: 'Il portale non ha dato una domanda di prova: {reason}',
    en: 'The portal gave no application to practise with: {reason}',
  },
  receipt: {
    it: 'Ricevuta di prova scaricata e verificata come PROVA, senza valore: {path}',
    en: 'Practice receipt fetched and found to be a REHEARSAL, of no value: {path}',
  },
  receiptFails: {
    it: 'La ricevuta di prova non è arrivata: {reason}',
    en: 'The practice receipt did not come: {reason}',
  },
  receiptOdd: {
    it: 'La ricevuta di prova non dice di essere una prova ({code}).',
    en: 'The practice receipt does not say that it is a rehearsal ({code}).',
  },
  receiptDo: {
    it: 'Rifare il collaudo; se si ripete, scrivere all’assistenza.',
    en: 'Test again; if it stays so, write to the help desk.',
  },
  later: { it: 'più avanti', en: 'later' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type SelfTestText = keyof typeof texts;
export type Values = Readonly<Record<string, string | number>>;

export function textOf(language: Language, key: SelfTestText, values: Values = {}): string {
  return texts[key][language].replace(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name] ?? `{${name}}`),
  );
}

/** A result in the person's language; `what` is the key of what was found, `todo` of what to do. */
export function resultOf(
  language: Language,
  id: string,
  found: {
    readonly light: Light;
    readonly what: SelfTestText;
    readonly todo?: SelfTestText;
    readonly values?: Values;
    readonly figures?: Values;
  },
): CheckResult {
  const { light, what, todo, values, figures } = found;
  return {
    ...{ id, light, text: textOf(language, what, values) },
    ...(todo && { whatToDo: textOf(language, todo, values) }),
    ...(figures && { figures }),
  };
}
