/** What a check of a receipt comes to: what it means for the person who has it, and what to do. */
import type { Outcome } from './outcome.ts';

/** The receipt is what a portal sealed, and its entry is in the log. */
export const genuine = {
  RECEIPT_GENUINE: {
    retryable: false,
    it: 'La ricevuta è autentica: la domanda è nel registro, a quel posto e con quell’ora.',
    en: 'The receipt is genuine: the application is in the log, at that place and time.',
  },
  RECEIPT_TEST_SEAL: {
    retryable: false,
    it: 'La ricevuta è autentica, ma sigillata con una chiave di prova, di cui nessuno risponde: per l’uso ufficiale chiederne una nuova.',
    en: 'The receipt is genuine, but sealed with a test key for which nobody answers: for official use ask for a new one.',
  },
  RECEIPT_REHEARSAL: {
    retryable: false,
    it: 'La ricevuta è autentica, ma di una prova generale: non ha valore e nessuna domanda è stata presentata.',
    en: 'The receipt is genuine, but of a rehearsal: it has no value and no application was submitted.',
  },
} as const satisfies Record<string, Outcome>;

/** The receipt is refused. */
export const refusal = {
  RECEIPT_NOT_PDF: {
    retryable: false,
    it: 'Questo file non è un PDF: scegliere quello della ricevuta scaricato dal portale.',
    en: 'This file is no PDF: choose the one of the receipt as the portal gave it.',
  },
  RECEIPT_TOO_LARGE: {
    retryable: false,
    it: 'Questo file è troppo grande per una ricevuta: scegliere quello scaricato dal portale.',
    en: 'This file is too large for a receipt: choose the one that the portal gave.',
  },
  RECEIPT_NOT_SEALED: {
    retryable: false,
    it: 'Questo PDF non ha sigillo: non è una ricevuta, o è stata stampata o salvata di nuovo. Usare il file scaricato dal portale.',
    en: 'This PDF has no seal: it is no receipt, or was printed or saved anew. Use the file that the portal gave.',
  },
  RECEIPT_PRACTICE: {
    retryable: false,
    it: 'PROVA: questa ricevuta non ha valore. Nessuna domanda è stata presentata e nessun posto è stato preso.',
    en: 'REHEARSAL: this receipt is of no value. No application was submitted and no place was taken.',
  },
  RECEIPT_ALTERED: {
    retryable: false,
    it: 'Il file non è più quello che è stato sigillato: non fidarsene e scaricare la ricevuta di nuovo dal portale.',
    en: 'The file is not what was sealed any more: do not trust it, and get the receipt from the portal again.',
  },
  RECEIPT_SEAL_UNKNOWN: {
    retryable: false,
    it: 'Il sigillo non è di questo portale: verificare la ricevuta presso chi l’ha data, o non fidarsene.',
    en: 'The seal is not this portal’s: check the receipt with who issued it, or do not trust it.',
  },
  RECEIPT_SEAL_REVOKED: {
    retryable: false,
    it: 'Il sigillo è stato revocato: questo file non prova più nulla. Il posto nel registro resta: scaricare una ricevuta nuova.',
    en: 'The seal has been revoked: this file proves nothing any more. The place in the log stays: get a new receipt.',
  },
  RECEIPT_SEAL_NOT_VALID: {
    retryable: false,
    it: 'Il sigillo non era valido quando la domanda è arrivata: chiedere una ricevuta nuova a chi gestisce il portale.',
    en: 'The seal was not valid when the application arrived: ask who runs the portal for a new receipt.',
  },
  RECEIPT_CONTENT_WRONG: {
    retryable: false,
    it: 'I dati della ricevuta si contraddicono, anche se il sigillo è in ordine: segnalarlo a chi gestisce il portale.',
    en: 'The data of the receipt contradict each other, though the seal is in order: report it to who runs the portal.',
  },
  RECEIPT_LOG_FOREIGN: {
    retryable: false,
    it: 'La prova non viene dal registro del varco di questa domanda: non fidarsi della ricevuta e segnalarlo.',
    en: 'The proof is not from the log of this application’s gate: do not trust the receipt, and report it.',
  },
  RECEIPT_LOG_KEY_REVOKED: {
    retryable: false,
    it: 'La chiave che ha firmato la prova è stata revocata: scaricare una ricevuta nuova, con una prova nuova.',
    en: 'The key that signed the proof has been revoked: get a new receipt, with a new proof.',
  },
  RECEIPT_PROOF_WRONG: {
    retryable: false,
    it: 'La prova non porta dalla domanda al registro: non fidarsi della ricevuta e segnalarlo.',
    en: 'The proof does not lead from the application to the log: do not trust the receipt, and report it.',
  },
  RECEIPT_LOG_DIVERGED: {
    retryable: false,
    it: 'Il registro pubblico di oggi contraddice la ricevuta: conservare il file e segnalarlo, è una prova contro chi tiene il registro.',
    en: 'Today’s public log contradicts the receipt: keep the file and report it, it is evidence against who runs the log.',
  },
  RECEIPT_LOG_UNREACHABLE: {
    retryable: true,
    it: 'Il registro pubblico non risponde: il confronto non è stato fatto. Riprovare più tardi.',
    en: 'The public log does not answer: the comparison was not made. Try again later.',
  },
} as const satisfies Record<string, Outcome>;

export const receipt = { ...genuine, ...refusal } as const;

export type GenuineCode = keyof typeof genuine;
export type ReceiptCode = keyof typeof refusal;
