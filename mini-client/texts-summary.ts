/** Words of the summary. */

export const summaryTexts = {
  summaryTitle: {
    it: 'Riepilogo del click day {id} · {name}',
    en: 'Summary of click day {id} · {name}',
  },
  summaryAccount: {
    it: 'Account: {email}',
    en: 'Account: {email}',
  },
  summaryTimes: {
    it: 'Apertura: {opensAt}. Riepilogo redatto: {made}.',
    en: 'Opening: {opensAt}. Summary made: {made}.',
  },
  summaryCounts: {
    it: 'Domande: {total}. Accettate: {accepted}; non accettate: {rejected}; senza esito: {open}.',
    en: 'Applications: {total}. Accepted: {accepted}; not accepted: {rejected}; without an outcome: {open}.',
  },
  summaryLetters: {
    it: 'Nomi con lettere che questo foglio non sa mostrare ({sign}): {count}. Nel riepilogo CSV sono interi.',
    en: 'Names with letters that this sheet cannot show ({sign}): {count}. The CSV summary has them whole.',
  },
  summaryNoReceipt: {
    it: 'Non è una ricevuta: fa fede la ricevuta sigillata di ciascuna domanda.',
    en: 'This is no receipt: the sealed receipt of each application is what counts.',
  },
  summarySaved: {
    it: 'Riepilogo (domande: {count}): {path}',
    en: 'Summary (applications: {count}): {path}',
  },
  summaryPlace: { it: 'posto', en: 'place' },
  summaryReceipt: { it: 'ricevuta:', en: 'receipt:' },
  summaryLog: { it: 'registro pubblico:', en: 'public log:' },
  summaryLeaf: { it: 'foglia', en: 'leaf' },
  columnNumber: { it: 'N.', en: 'No.' },
  columnTitle: { it: 'Domanda', en: 'Application' },
  columnOutcome: { it: 'Esito', en: 'Outcome' },
  columnProtocol: { it: 'Protocollo', en: 'Protocol' },
  columnStamp: { it: 'Ora di Roma', en: 'Rome time' },
  outcomeAccepted: { it: 'accettata', en: 'accepted' },
  outcomeRejected: { it: 'non accettata', en: 'not accepted' },
  outcomeUnanswered: { it: 'senza risposta', en: 'no answer' },
  outcomeNotSent: { it: 'non inviata', en: 'not sent' },
  checkGenuine: { it: 'autentica', en: 'genuine' },
  checkNotGenuine: { it: 'NON AUTENTICA', en: 'NOT GENUINE' },
  checkUnchecked: { it: 'non verificata', en: 'not checked' },
  checkInLog: { it: 'al suo posto', en: 'in its place' },
  checkEarly: { it: 'non ancora firmato', en: 'not signed yet' },
  checkMissing: { it: 'MANCA', en: 'MISSING' },
} as const satisfies Record<string, { readonly it: string; readonly en: string }>;
