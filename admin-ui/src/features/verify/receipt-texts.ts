/** Words of the page that checks a receipt; the verdicts' sentences stand in the catalogue. */
import type { GenuineCode, ReceiptCode } from '#protocol/outcome-catalogue/receipt.ts';
import { dictionary, type Language } from '../../i18n/dictionary.ts';

export const receiptTexts = dictionary('receipts', {
  it: {
    title: 'Verifica una ricevuta',
    lead: 'Con il file della ricevuta si prova che è autentica e qual è il suo posto. Non servono né profilo né password.',
    withFile: 'Hai il file PDF della ricevuta',
    choose: 'Scegli il file della ricevuta',
    orDrop: 'oppure trascinalo qui',
    chooseHint: 'È il PDF scaricato dal portale, non una stampa né una foto. Al massimo 1 MiB.',
    staysHere:
      'Il file non lascia questo dispositivo: il controllo avviene nel tuo browser. Dal portale arrivano solo le chiavi pubbliche.',
    withNumber: 'Hai solo il numero di protocollo',
    withNumberText:
      'Ti diciamo che cosa è registrato con quel numero. È ciò che dice il portale: per una prova serve il file.',
    compareByEye:
      'Questi sono i dati sigillati nel file. Confrontali con la pagina che hai davanti: devono essere gli stessi.',
    placeAtGate: 'Posto nell’ordine di arrivo',
    place: (seq: string, gate: string, before: string) =>
      `${seq} al varco ${gate}: prima ce ne sono ${before}`,
    applicant: 'Chi presenta la domanda',
    subject: 'Per chi o per che cosa',
    steps: 'Che cosa è stato controllato',
    passed: 'Superato:',
    failed: 'Non superato:',
    notReached: 'Non esaminato:',
    compareText:
      'Il controllo fatto fin qui vale anche senza rete. In più il browser può chiedere al varco il registro pubblico di oggi e vedere che comincia proprio come quando è nata la ricevuta.',
    compare: 'Confronta con il registro pubblico di oggi',
    agrees: 'Il registro di oggi concorda',
    agreesText:
      'Dalla ricevuta in poi il registro è solo cresciuto: nessuno è stato messo prima, tolto o cambiato.',
    contradicts: 'Il registro di oggi contraddice la ricevuta',
    notCompared: 'Confronto non fatto',
    notComparedText:
      'La ricevuta resta autentica; manca solo il confronto. Se il varco ha un indirizzo che questo browser non può chiamare, il confronto si fa dalla riga di comando:',
    limits: 'Che cosa prova, e che cosa no',
    limitsText:
      'Una ricevuta autentica prova che la domanda è nel registro, a quel posto e con quell’ora, e che dopo nessuno può averla scavalcata senza che si veda. Non prova che il varco abbia letto subito ogni domanda arrivata: per questo il programma di invio conserva l’ora di partenza.',
    limitsKeys:
      'Le chiavi usate qui sono quelle che il portale pubblica. Chi non vuole fidarsi nemmeno di queste le prende altrove e verifica senza rete con il comando «clickday receipt verify».',
  },
  en: {
    title: 'Check a receipt',
    lead: 'With the file of a receipt it is proven that it is genuine and which place it has. You need neither a profile nor a password.',
    withFile: 'You have the PDF file of the receipt',
    choose: 'Choose the receipt’s file',
    orDrop: 'or drop it here',
    chooseHint: 'It is the PDF as the portal gave it, not a print nor a photo. At most 1 MiB.',
    staysHere:
      'The file does not leave this device: the check runs in your browser. Only the public keys come from the portal.',
    withNumber: 'You have the protocol number only',
    withNumberText:
      'We tell you what is recorded under that number. That is what the portal says: a proof takes the file.',
    compareByEye:
      'These are the data sealed in the file. Compare them with the page before you: they have to be the same.',
    placeAtGate: 'Place in the order of arrival',
    place: (seq, gate, before) => `${seq} at gate ${gate}: ${before} are before it`,
    applicant: 'Who applies',
    subject: 'For whom or for what',
    steps: 'What was checked',
    passed: 'Passed:',
    failed: 'Failed:',
    notReached: 'Not looked at:',
    compareText:
      'The check so far holds without a network too. In addition the browser can ask the gate for the public log of today, and see that it begins just as it did when the receipt was made.',
    compare: 'Compare with the public log of today',
    agrees: 'The log of today agrees',
    agreesText:
      'From the receipt on the log has only grown: nobody was put before it, taken out or changed.',
    contradicts: 'The log of today contradicts the receipt',
    notCompared: 'Not compared',
    notComparedText:
      'The receipt is still genuine; only the comparison is missing. If the gate has an address that this browser cannot call, it is made on the command line:',
    limits: 'What it proves, and what not',
    limitsText:
      'A genuine receipt proves that the application is in the log, at that place and time, and that nobody can have been put before it afterwards unseen. It does not prove that the gate read every application as soon as it arrived: that is why the sending program keeps the time of departure.',
    limitsKeys:
      'The keys used here are those that the portal publishes. Who does not want to trust even these takes them from elsewhere, and checks without a network with the command “clickday receipt verify”.',
  },
});

type Code = GenuineCode | ReceiptCode;
type Kind = 'success' | 'warning' | 'danger';

/** Sealed and proven, but of no value to an office; or no receipt at all, which accuses nobody. */
const CAREFUL = new Set<Code>([
  'RECEIPT_TEST_SEAL',
  'RECEIPT_REHEARSAL',
  'RECEIPT_PRACTICE',
  'RECEIPT_NOT_PDF',
  'RECEIPT_NOT_SEALED',
  'RECEIPT_TOO_LARGE',
]);

export function kindOf(code: Code): Kind {
  if (code === 'RECEIPT_GENUINE') return 'success';
  return CAREFUL.has(code) ? 'warning' : 'danger';
}

const TITLES: Readonly<Record<Code, Readonly<Record<Language, string>>>> = {
  RECEIPT_GENUINE: { it: 'Ricevuta autentica', en: 'Genuine receipt' },
  RECEIPT_TEST_SEAL: {
    it: 'Autentica, con un sigillo di prova',
    en: 'Genuine, with a test seal',
  },
  RECEIPT_REHEARSAL: {
    it: 'PROVA – autentica, ma non ha valore',
    en: 'REHEARSAL – genuine, but of no value',
  },
  RECEIPT_NOT_PDF: { it: 'Questo file non è un PDF', en: 'This file is no PDF' },
  RECEIPT_TOO_LARGE: { it: 'Il file è troppo grande', en: 'The file is too large' },
  RECEIPT_NOT_SEALED: { it: 'Questo PDF non ha sigillo', en: 'This PDF has no seal' },
  RECEIPT_PRACTICE: {
    it: 'PROVA – non ha valore e non prova nessun posto',
    en: 'REHEARSAL – of no value, proves no place',
  },
  RECEIPT_ALTERED: { it: 'La ricevuta è stata alterata', en: 'The receipt was altered' },
  RECEIPT_SEAL_UNKNOWN: {
    it: 'Il sigillo non è di questo portale',
    en: 'The seal is not this portal’s',
  },
  RECEIPT_SEAL_REVOKED: { it: 'Il sigillo è stato revocato', en: 'The seal was revoked' },
  RECEIPT_SEAL_NOT_VALID: { it: 'Il sigillo non era valido', en: 'The seal was not valid' },
  RECEIPT_CONTENT_WRONG: {
    it: 'La ricevuta si contraddice',
    en: 'The receipt contradicts itself',
  },
  RECEIPT_LOG_FOREIGN: { it: 'La prova è di un altro registro', en: 'The proof is another log’s' },
  RECEIPT_LOG_KEY_REVOKED: {
    it: 'La chiave della prova è stata revocata',
    en: 'The key of the proof was revoked',
  },
  RECEIPT_PROOF_WRONG: {
    it: 'La prova non porta al registro',
    en: 'The proof does not lead to the log',
  },
  RECEIPT_LOG_DIVERGED: {
    it: 'Il registro di oggi contraddice la ricevuta',
    en: 'The log of today contradicts the receipt',
  },
  RECEIPT_LOG_UNREACHABLE: { it: 'Confronto non fatto', en: 'Not compared' },
};

export function titleOf(code: Code, language: Language): string {
  return TITLES[code][language];
}
