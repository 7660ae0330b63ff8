/** Every sentence of the mini-client's command line, Italian and English. `{name}` is filled in. */

import { pageCommandTexts } from './page/command-texts.ts';
import { organisationTexts } from './texts-organisation.ts';
import { sessionTexts } from './texts-session.ts';
import { summaryTexts } from './texts-summary.ts';

export const texts = {
  ...organisationTexts,
  ...pageCommandTexts,
  ...sessionTexts,
  ...summaryTexts,
  portalMissing: {
    it: 'Indicare il portale con --portal URL oppure CLICKDAY_PORTAL_URL.',
    en: 'Name the portal with --portal URL or CLICKDAY_PORTAL_URL.',
  },
  dayHeading: {
    it: 'Click day {id} · {name} · apre {opensAt}',
    en: 'Click day {id} · {name} · opens {opensAt}',
  },
  noDayHeading: {
    it: 'Senza click day (bozze o da inviare dal portale)',
    en: 'Without a click day (drafts, or submitted from the portal)',
  },
  applicationLine: {
    it: '  {status}  {model}  {title}  {id}',
    en: '  {status}  {model}  {title}  {id}',
  },
  statusDraft: { it: 'da completare', en: 'to complete ' },
  statusReady: { it: 'pronta       ', en: 'ready       ' },
  statusSubmitted: { it: 'inviata      ', en: 'submitted   ' },
  statusReceipt: { it: 'con ricevuta ', en: 'has receipt ' },
  noApplications: { it: 'Nessuna domanda.', en: 'No applications.' },
  nothingReady: {
    it: 'Nessuna domanda pronta per il click day {id}.',
    en: 'No application is ready for click day {id}.',
  },
  noUpcoming: {
    it: 'Nessuna domanda pronta per un click day ancora aperto o futuro.',
    en: 'No application is ready for a click day that is open or to come.',
  },
  chooseDay: {
    it: 'Scegliere il giorno con --click-day: {ids}.',
    en: 'Choose the day with --click-day: {ids}.',
  },
  unknownDay: {
    it: 'Il click day {id} non è nel calendario: {ids}.',
    en: 'Click day {id} is not in the calendar: {ids}.',
  },
  noGates: {
    it: 'Il portale non indica nessun varco: riprovare più tardi.',
    en: 'The portal names no gate: try again later.',
  },
  prepared: {
    it: 'Pronto per il {id}. Domande selezionate da sole: {count}; varchi: {gates}; apre {opensAt}.',
    en: 'Ready for {id}. Applications selected by themselves: {count}; gates: {gates}; opens {opensAt}.',
  },
  notPrepared: {
    it: 'Nulla di preparato: usare prima prepare.',
    en: 'Nothing is prepared: first use prepare.',
  },
  sendBusy: {
    it: 'Un altro invio è già in corso con questa cartella: {path}.',
    en: 'Another send already works with this directory: {path}.',
  },
  sendStarts: {
    it: 'Domande da inviare: {count}. Da qui non serve più nulla; interrompere e riprendere non fa danni.',
    en: 'Applications to send: {count}. Nothing more is needed; stopping and resuming does no harm.',
  },
  connected: {
    it: 'Collegato al varco {name}. Domande riconosciute: {applications}.',
    en: 'Connected to gate {name}. Applications recognised: {applications}.',
  },
  gateChanged: {
    it: 'Il varco {from} non risponde: si passa al varco {to}. Non serve fare nulla.',
    en: 'Gate {from} does not answer: going over to gate {to}. There is nothing to do.',
  },
  disconnected: {
    it: 'Linea caduta ({code} {reason}): nuovo tentativo tra {seconds} s.',
    en: 'Line lost ({code} {reason}): trying again in {seconds} s.',
  },
  opensIn: {
    it: 'Apre tra {left} · ora ufficiale ± {uncertainty} ms · arrivo entro {arrival} ms dall’apertura',
    en: 'Opens in {left} · official time ± {uncertainty} ms · arriving within {arrival} ms of the opening',
  },
  suspended: {
    it: 'Il click day {id} è sospeso: si aspetta la ripresa.',
    en: 'Click day {id} is suspended: waiting for it to be resumed.',
  },
  unsynchronised: {
    it: 'Il varco dichiara un orologio non sincronizzato: si usa il suo margine. Non devi fare nulla.',
    en: 'The gate says that its clock is not synchronised: its margin is used. You need do nothing.',
  },
  accepted: {
    it: 'Invio corretto · {title} · protocollo {protocol} · {stamp}',
    en: 'Accepted ("Invio corretto") · {title} · protocol {protocol} · {stamp}',
  },
  duplicate: {
    it: 'Già inviata: questo è l’esito della prima volta · {title} · protocollo {protocol} · {stamp}',
    en: 'Already submitted: this is the outcome of the first time · {title} · protocol {protocol} · {stamp}',
  },
  resumed: {
    it: 'Già nel diario · {title} · protocollo {protocol} · {stamp}',
    en: 'Already in the journal · {title} · protocol {protocol} · {stamp}',
  },
  rejected: {
    it: 'Non accettata · {title} · {code}: {message}',
    en: 'Not accepted · {title} · {code}: {message}',
  },
  waitingEarly: {
    it: 'Non ancora aperto: riproviamo da soli tra {seconds} s.',
    en: 'Not open yet: we try again by ourselves in {seconds} s.',
  },
  waitingBusy: {
    it: 'Il sistema è molto occupato: riproviamo da soli tra {seconds} s.',
    en: 'The system is very busy: we try again by ourselves in {seconds} s.',
  },
  waitingOther: {
    it: '{message} Riproviamo da soli tra {seconds} s.',
    en: '{message} We try again by ourselves in {seconds} s.',
  },
  journalFailed: {
    it: 'ATTENZIONE: il diario non si può scrivere ({reason}). Conservare il testo di questo schermo.',
    en: 'WARNING: the journal cannot be written ({reason}). Keep the text of this screen.',
  },
  summary: {
    it: 'Fine. Accettate: {accepted}; non accettate: {rejected}; senza esito: {open}.',
    en: 'Done. Accepted: {accepted}; not accepted: {rejected}; without an outcome: {open}.',
  },
  openLeft: {
    it: 'Ripetere send per quelle senza esito: non si perde nulla e nulla è doppio.',
    en: 'Run send again for those without an outcome: nothing is lost and nothing is doubled.',
  },
  accountsProgress: {
    it: 'collegati {connected}/{accounts} · accettate {accepted} · non accettate {rejected}',
    en: 'connected {connected}/{accounts} · accepted {accepted} · not accepted {rejected}',
  },
  accountsFileBad: {
    it: 'Riga {line} di {file}: non è una riga di «clickday fixture».',
    en: 'Line {line} of {file}: not a line of "clickday fixture".',
  },
  fileMissing: { it: 'Il file {file} non si può leggere.', en: 'The file {file} cannot be read.' },
  gateMissing: {
    it: 'Con --accounts indicare il varco con --gate ws://….',
    en: 'With --accounts name the gate with --gate ws://….',
  },
  gateUrlBad: {
    it: 'Non è l’indirizzo di un varco: {url} (serve ws:// o wss://).',
    en: 'Not the address of a gate: {url} (ws:// or wss:// is needed).',
  },
  portalUrlBad: {
    it: 'Non è l’indirizzo di un portale: {url} (serve http:// o https://).',
    en: 'Not the address of a portal: {url} (http:// or https:// is needed).',
  },
  selfTestGreen: {
    it: 'Collaudo riuscito: questo computer è pronto.',
    en: 'The self-test has passed: this computer is ready.',
  },
  selfTestYellow: {
    it: 'Collaudo riuscito, con qualcosa da guardare: vedere i punti gialli.',
    en: 'The self-test has passed, with something to look at: see the yellow points.',
  },
  selfTestRed: {
    it: 'Collaudo non riuscito: risolvere i punti rossi e rifarlo.',
    en: 'The self-test has failed: mend the red points and test again.',
  },
  checkPortal: { it: 'Portale {portal} raggiungibile.', en: 'Portal {portal} is reachable.' },
  checkSession: { it: 'Sessione di {email} valida.', en: 'Session of {email} is valid.' },
  checkPrepared: {
    it: 'Pronto per il click day {id}. Domande: {count}; apre {opensAt}.',
    en: 'Ready for click day {id}. Applications: {count}; opens {opensAt}.',
  },
  checkPassbook: {
    it: 'I libretti per il {id} scadono prima della chiusura: usare di nuovo prepare.',
    en: 'The passbooks for {id} expire before the close: use prepare again.',
  },
  checkGate: {
    it: 'Varco {host} raggiungibile, andata e ritorno {trip} ms.',
    en: 'Gate {host} is reachable, round trip {trip} ms.',
  },
  checkGateFails: {
    it: 'Varco {url} non raggiungibile ({reason}): controllare rete, proxy e firewall (WebSocket).',
    en: 'Gate {url} cannot be reached ({reason}): check network, proxy and firewall (WebSocket).',
  },
  checkGateRefuses: {
    it: 'Varco {url}: libretto rifiutato ({reason}): usare di nuovo prepare.',
    en: 'Gate {url}: passbook refused ({reason}): use prepare again.',
  },
  checkClock: {
    it: 'Orologio di questo computer: {error} ms rispetto all’ora ufficiale (± {uncertainty} ms). L’invio usa l’ora del varco.',
    en: 'Clock of this computer: {error} ms from official time (± {uncertainty} ms). Sending uses the time of the gate.',
  },
  checkClockOff: {
    it: 'Orologio di questo computer sbagliato di {error} s (± {uncertainty} ms): conviene regolarlo; l’invio usa comunque l’ora del varco.',
    en: 'Clock of this computer is wrong by {error} s (± {uncertainty} ms): better set it; sending uses the time of the gate all the same.',
  },
  checkClockUnknown: {
    it: 'Ora ufficiale sconosciuta: nessun varco ha risposto.',
    en: 'Official time is unknown: no gate answered.',
  },
  checkDisk: { it: 'Cartella {path} scrivibile.', en: 'Directory {path} can be written.' },
  checkDiskFails: {
    it: 'Cartella {path} non scrivibile ({reason}): liberare spazio o usare --directory.',
    en: 'Directory {path} cannot be written ({reason}): free some space or use --directory.',
  },
  receiptSaved: { it: 'Ricevuta salvata: {path}', en: 'Receipt saved: {path}' },
  receiptKept: { it: 'Ricevuta già presente: {path}', en: 'Receipt already here: {path}' },
  receiptBad: {
    it: 'ATTENZIONE: la ricevuta {path} non è autentica ({reason}). Conservarla e scrivere all’assistenza.',
    en: 'WARNING: receipt {path} is not genuine ({reason}). Keep it and write to the help desk.',
  },
  receiptOfAnother: {
    it: 'È autentica, ma di un’altra domanda o con un altro numero',
    en: 'It is genuine, but of another application or with another number',
  },
  receiptUnchecked: {
    it: 'Non verificata: mancano le chiavi del portale',
    en: 'Not checked: the portal’s keys are missing',
  },
  afterwards: {
    it: 'Ora le ricevute, appena pronte (Ctrl-C per finire: si riprende con receipts).',
    en: 'Now the receipts, as they become ready (Ctrl-C to end: receipts goes on later).',
  },
  receiptPending: {
    it: 'Ricevute non ancora pronte: {count}. Si riprova tra {seconds} s.',
    en: 'Receipts not ready yet: {count}. Trying again in {seconds} s.',
  },
  receiptFails: { it: 'Ricevuta di {id}: {message}', en: 'Receipt of {id}: {message}' },
  receiptsSummary: {
    it: 'Ricevute: {saved} su {total}, in {path}.',
    en: 'Receipts: {saved} of {total}, in {path}.',
  },
  receiptsNone: {
    it: 'Nessuna domanda accettata nel diario: nessuna ricevuta da scaricare.',
    en: 'No accepted application in the journal: no receipts to fetch.',
  },
  logNothing: {
    it: 'Nessuna domanda accettata nel diario: nulla da confrontare.',
    en: 'No accepted application in the journal: nothing to compare.',
  },
  logKeysBad: {
    it: 'Le chiavi di verifica del portale non sono leggibili: riprovare più tardi.',
    en: 'The portal’s verification keys cannot be read: try again later.',
  },
  logRead: {
    it: 'Registro pubblico di {gate} (voci: {size}). Domande al loro posto: {found} su {total}.',
    en: 'Public log of {gate} (entries: {size}). Applications in their place: {found} of {total}.',
  },
  logEarly: {
    it: 'Domande non ancora coperte da una firma del registro: {count}. Riprovare tra qualche secondo.',
    en: 'Applications that no signature of the log covers yet: {count}. Try again in some seconds.',
  },
  logMissing: {
    it: 'ATTENZIONE: la domanda {application} NON è nel registro di {gate} dove dice il suo numero. Conservare la cartella e scrivere all’assistenza.',
    en: 'WARNING: application {application} is NOT in the log of {gate} where its number says. Keep the directory and write to the help desk.',
  },
  logContradicts: {
    it: 'ATTENZIONE: il registro pubblico di {gate} non è la continuazione di quello già visto o non è firmato come deve ({reason}). Conservare la cartella e scrivere all’assistenza.',
    en: 'WARNING: the public log of {gate} is not the continuation of the one seen before, or is not signed as it must ({reason}). Keep the directory and write to the help desk.',
  },
  logUnreachable: {
    it: 'Il registro pubblico presso {url} non risponde.',
    en: 'The public log at {url} does not answer.',
  },
  logNotRead: {
    it: 'Registro pubblico di {gate} non letto. Domande da confrontare più tardi: {count}.',
    en: 'Public log of {gate} not read. Applications to be compared later: {count}.',
  },
  statusDirectory: { it: 'Cartella {path}', en: 'Directory {path}' },
  statusSession: { it: 'Sessione: {email} su {portal}', en: 'Session: {email} on {portal}' },
  statusNoSession: { it: 'Sessione: nessuna', en: 'Session: none' },
  statusDay: {
    it: 'Click day {id} (apre {opensAt}). Accettate: {accepted}; inviate senza risposta: {unanswered}; non accettate: {rejected}; da inviare: {waiting}',
    en: 'Click day {id} (opens {opensAt}). Accepted: {accepted}; sent without an answer: {unanswered}; not accepted: {rejected}; to send: {waiting}',
  },
  failed: { it: 'Errore: {message}', en: 'Error: {message}' },
} as const satisfies Record<string, { readonly it: string; readonly en: string }>;

export type TextKey = keyof typeof texts;
