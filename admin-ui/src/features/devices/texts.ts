/** Words of letting a program log in with a short code. */
import { dictionary } from '../../i18n/dictionary.ts';

export const deviceTexts = dictionary('devices', {
  it: {
    title: 'Fai entrare un programma',
    lead: 'Il programma di invio mostra un codice di otto lettere: scrivilo qui.',
    code: 'Codice',
    codeHint: 'Otto lettere, per esempio BDWP-HQPK. Vale dieci minuti e una volta sola.',
    codeMissing: 'Scrivi il codice che il programma mostra',
    find: 'Continua',
    asks: 'Questo programma vuole entrare nel tuo profilo',
    account: 'Profilo',
    program: 'Programma (dice di essere)',
    computer: 'Computer (dice di essere)',
    address: 'Indirizzo di rete',
    same: 'lo stesso di questo browser',
    other: 'diverso da quello di questo browser',
    at: 'Chiesto alle',
    warning: 'Sei stato tu, adesso?',
    warningText:
      'Consenti solo se hai avviato tu il programma, su un computer tuo. Potrà leggere e inviare le tue domande per due giorni. L’assistenza non ti chiederà mai di scrivere un codice qui.',
    approve: 'Consenti',
    refuse: 'Rifiuta',
    approved: 'Accesso consentito',
    approvedText:
      'Entro pochi secondi il programma va avanti da solo: torna lì. Qui non serve più nulla.',
    refused: 'Accesso rifiutato',
    refusedText:
      'Il programma non entra. Se non l’hai avviato tu, qualcuno ha provato a usare il tuo profilo: non scrivere codici che ti mandano altri.',
    another: 'Scrivi un altro codice',
    applications: 'Vai alle mie domande',
  },
  en: {
    title: 'Let a program in',
    lead: 'The sending program shows a code of eight letters: type it here.',
    code: 'Code',
    codeHint: 'Eight letters, for example BDWP-HQPK. It is valid for ten minutes and once.',
    codeMissing: 'Type the code that the program shows',
    find: 'Continue',
    asks: 'This program wants to enter your profile',
    account: 'Profile',
    program: 'Program (says it is)',
    computer: 'Computer (says it is)',
    address: 'Network address',
    same: 'the same as this browser’s',
    other: 'another than this browser’s',
    at: 'Asked at',
    warning: 'Was it you, just now?',
    warningText:
      'Allow it only if you started the program yourself, on a computer of yours. It will be able to read and send your applications for two days. The help desk will never ask you to type a code here.',
    approve: 'Allow',
    refuse: 'Refuse',
    approved: 'Access allowed',
    approvedText:
      'Within seconds the program goes on by itself: go back to it. Nothing more is needed here.',
    refused: 'Access refused',
    refusedText:
      'The program does not get in. If you did not start it, somebody tried to use your profile: do not type codes that others send you.',
    another: 'Type another code',
    applications: 'Go to my applications',
  },
});
