/**
 * The words of a verdict: its steps, what each is good for, the names of the evidence, and why a
 * receipt is refused. The verdict itself is a line of the outcome catalogue. Command line and web
 * page say the same.
 */
interface Words {
  readonly it: string;
  readonly en: string;
}

export const stepWords = {
  file: {
    it: 'Il file è un PDF con un solo sigillo, che lo copre tutto',
    en: 'The file is a PDF with one seal, which covers all of it',
  },
  seal: {
    it: 'Dopo il sigillo non è cambiato nessun byte',
    en: 'Not one byte has changed since it was sealed',
  },
  certificate: {
    it: 'Il sigillo è di questo portale e non è revocato',
    en: 'The seal is this portal’s and is not revoked',
  },
  statement: {
    it: 'La ricevuta dice le stesse cose dell’annotazione nel registro',
    en: 'The receipt says the same as the entry of the log',
  },
  checkpoint: {
    it: 'Il registro pubblico del varco ha firmato lo stato da cui viene la prova',
    en: 'The gate’s public log has signed the state that the proof comes from',
  },
  entry: {
    it: 'L’annotazione è nel registro, a quel posto',
    en: 'The entry is in the log, at that place',
  },
  history: {
    it: 'Da allora nel registro nessuno è stato messo prima',
    en: 'Since then nobody has been put before it in the log',
  },
} as const satisfies Record<string, Words>;

export type StepName = keyof typeof stepWords;

export const evidenceWords = {
  bytes: { it: 'Dimensione in byte', en: 'Size in bytes' },
  byteRange: { it: 'Byte coperti dal sigillo', en: 'Bytes that the seal covers' },
  digest: { it: 'SHA-256 di ciò che è sigillato', en: 'SHA-256 of what is sealed' },
  algorithm: { it: 'Firma', en: 'Signature' },
  subject: { it: 'Sigillo di', en: 'Seal of' },
  fingerprint: { it: 'SHA-256 del certificato', en: 'SHA-256 of the certificate' },
  validity: { it: 'Certificato valido', en: 'Certificate valid' },
  testSeal: { it: 'Chiave di prova', en: 'Test key' },
  protocol: { it: 'Numero di protocollo', en: 'Protocol number' },
  stamp: { it: 'Istante di arrivo (UTC)', en: 'Instant of arrival (UTC)' },
  origin: { it: 'Nome del registro', en: 'Name of the log' },
  size: { it: 'Annotazioni nel registro', en: 'Entries in the log' },
  root: { it: 'Radice dell’albero di Merkle', en: 'Root of the Merkle tree' },
  signedBy: { it: 'Firmato dalla chiave', en: 'Signed by the key' },
  leaf: { it: 'Annotazione (foglia)', en: 'Entry (leaf)' },
  leafHash: { it: 'Hash della foglia', en: 'Leaf hash' },
  index: { it: 'Posto nell’albero, da 0', en: 'Place in the tree, from 0' },
  path: { it: 'Hash fino alla radice', en: 'Hashes up to the root' },
} as const satisfies Record<string, Words>;

export type EvidenceName = keyof typeof evidenceWords;

export const reasonWords = {
  tooLarge: { it: 'Il file supera 1 MiB.', en: 'The file is larger than 1 MiB.' },
  notPdf: { it: 'Il file non comincia come un PDF.', en: 'The file does not begin as a PDF.' },
  noSeal: { it: 'Nel PDF non c’è nessun sigillo.', en: 'There is no seal in the PDF.' },
  practice: {
    it: 'È la ricevuta di una prova di invio: non ha sigillo, non prova nessun posto.',
    en: 'It is the receipt of a practice submission: it has no seal and proves no place.',
  },
  manySeals: {
    it: 'Nel PDF c’è più di un sigillo, o non è dove dev’essere.',
    en: 'There is more than one seal in the PDF, or it is not where it has to be.',
  },
  notWhole: {
    it: 'Il sigillo non copre tutto il file: qualcosa è stato aggiunto o tolto.',
    en: 'The seal does not cover the whole file: something was added or taken away.',
  },
  pdfSections: {
    it: 'Il PDF è stato aggiornato dopo il sigillo, o non è scritto come una ricevuta.',
    en: 'The PDF was updated after it was sealed, or is not written as a receipt is.',
  },
  pdfForm: {
    it: 'Il PDF non è scritto come una ricevuta.',
    en: 'The PDF is not written as a receipt is.',
  },
  attachments: {
    it: 'I tre file allegati non sono quelli di una ricevuta.',
    en: 'The three attached files are not those of a receipt.',
  },
  sealForm: {
    it: 'Il sigillo non è scritto come quello di una ricevuta.',
    en: 'The seal is not written as that of a receipt is.',
  },
  sealSignature: {
    it: 'La firma del sigillo non corrisponde al suo certificato.',
    en: 'The signature of the seal does not fit its certificate.',
  },
  otherDigest: {
    it: 'Il contenuto non è quello che è stato sigillato.',
    en: 'The content is not what was sealed.',
  },
  otherSeal: {
    it: 'Il certificato del sigillo non è tra quelli fidati.',
    en: 'The certificate of the seal is not among those trusted.',
  },
  sealRevoked: {
    it: 'Il certificato del sigillo è revocato.',
    en: 'The certificate of the seal is revoked.',
  },
  sealNotValid: {
    it: 'All’arrivo della domanda il certificato del sigillo non era valido.',
    en: 'When the application arrived the certificate of the seal was not valid.',
  },
  entryForm: {
    it: 'L’annotazione allegata non è una foglia del registro.',
    en: 'The attached entry is no leaf of the log.',
  },
  statementForm: {
    it: 'I dati allegati non sono quelli di una ricevuta.',
    en: 'The attached data are not those of a receipt.',
  },
  statementDiffers: {
    it: 'I dati della ricevuta e l’annotazione si contraddicono.',
    en: 'The data of the receipt and the entry contradict each other.',
  },
  proofForm: { it: 'La prova non è leggibile.', en: 'The proof cannot be read.' },
  otherOrigin: {
    it: 'La prova è del registro di qualcun altro, o di un altro varco.',
    en: 'The proof is of somebody else’s log, or of another gate’s.',
  },
  otherLogKey: {
    it: 'Nessuna chiave di questo registro ha firmato la prova.',
    en: 'No key of this log has signed the proof.',
  },
  logKeyRevoked: {
    it: 'La chiave che ha firmato la prova è revocata.',
    en: 'The key that signed the proof is revoked.',
  },
  otherIndex: {
    it: 'La prova è di un altro posto nel registro.',
    en: 'The proof is of another place in the log.',
  },
  otherRoot: {
    it: 'Dall’annotazione la prova non porta alla radice firmata.',
    en: 'The proof does not lead from the entry to the signed root.',
  },
  logUnreachable: {
    it: 'Il registro pubblico non ha dato quel che serve.',
    en: 'The public log did not give what is needed.',
  },
  logShrunk: {
    it: 'Il registro pubblico ha meno annotazioni di quando è nata la ricevuta.',
    en: 'The public log has fewer entries than when the receipt was made.',
  },
  logDiverged: {
    it: 'Lo stato provato dalla ricevuta non è l’inizio del registro di oggi.',
    en: 'The state that the receipt proves is not the beginning of today’s log.',
  },
} as const satisfies Record<string, Words>;

export type Reason = keyof typeof reasonWords;
