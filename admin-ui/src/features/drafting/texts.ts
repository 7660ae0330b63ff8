/** Words of an application's way, of copying it, of others like it, and of reading it. */
import { dictionary } from '../../i18n/dictionary.ts';

export const draftingTexts = dictionary('drafting', {
  it: {
    toValidate: 'Da validare',
    stepToValidate: 'Completa, da validare',
    toValidateNow: 'Tutte le risposte ci sono: rileggile e rendi pronta la domanda.',
    toValidateTodo: 'Quando tutte le pagine sono complete.',
    readyTodo: 'La rendi pronta tu, dopo averla riletta.',
    stepOutcome: 'Esito dell’ufficio',
    outcomeTodo: 'Lo comunica l’ufficio competente, dopo l’esame della domanda.',
    copy: 'Copia la domanda',
    copyTitle: 'Che cosa vuoi copiare?',
    copyText:
      'Nasce una nuova bozza; questa domanda resta com’è. La marca da bollo, le dichiarazioni e i documenti non si copiano: valgono per una sola domanda.',
    copyPerson: 'Stesso datore di lavoro, un’altra persona',
    copyPersonHint: 'Le pagine sulla persona restano vuote, il resto è copiato.',
    copyAll: 'Tutte le risposte',
    copyAllHint: 'Anche quelle sulla persona.',
    copyGo: 'Crea la copia',
    copied: 'La copia è pronta da completare.',
    cancel: 'Annulla',
    alikeTitle: 'Forse è una domanda doppia',
    alikeText:
      'Queste tue domande riguardano le stesse persone. Controlla se servono tutte: puoi comunque inviarle.',
    alikeListTitle: (count: number) =>
      count === 1
        ? 'Un gruppo di domande riguarda le stesse persone'
        : `${count} gruppi di domande riguardano le stesse persone`,
    alikeShow: 'Mostra quali',
    alikeLine: (title: string, model: string) => `${title}, modello ${model}`,
    read: 'Leggi la domanda',
    readTitle: (title: string) => `Domanda: ${title}`,
    readLead: 'Tutte le risposte come sono ora.',
    readNote: 'Non è una ricevuta.',
    readByStaff:
      'La leggi per servizio: ogni lettura è annotata, e le risposte non si cambiano da qui.',
    readOnly:
      'Il tuo ruolo nell’organizzazione è di lettura: chi compila o amministra può modificarla.',
    pdf: 'Scarica in PDF',
    print: 'Stampa',
    documents: 'Documenti',
    noDocuments: 'Nessun documento aggiunto',
    documentsCount: (count: number) => (count === 1 ? '1 documento' : `${count} documenti`),
    back: 'Torna alla domanda',
    backIssued: (name: string) =>
      `La domanda «${name}» torna «da completare». Attenzione: un lasciapassare con la versione di adesso è già stato consegnato al programma di invio. Finché non la rendi di nuovo pronta e non prepari di nuovo l’invio, quel programma può ancora inviare la versione di adesso: in tal caso vale quella, e le modifiche si perdono.`,
    reopenedNow:
      'Hai ripreso la domanda dopo che un lasciapassare era stato consegnato: rendila di nuovo pronta e prepara di nuovo l’invio, altrimenti può partire la versione di prima.',
  },
  en: {
    toValidate: 'To validate',
    stepToValidate: 'Complete, to validate',
    toValidateNow: 'All answers are there: read them through and make the application ready.',
    toValidateTodo: 'When all pages are complete.',
    readyTodo: 'You make it ready, after reading it through.',
    stepOutcome: 'Outcome from the office',
    outcomeTodo: 'The competent office tells it, after it has examined the application.',
    copy: 'Copy the application',
    copyTitle: 'What do you want to copy?',
    copyText:
      'A new draft is made; this application stays as it is. The revenue stamp, the statements and the documents are not copied: they hold for one application alone.',
    copyPerson: 'Same employer, another person',
    copyPersonHint: 'The pages on the person stay empty, the rest is copied.',
    copyAll: 'All answers',
    copyAllHint: 'Those on the person too.',
    copyGo: 'Make the copy',
    copied: 'The copy is ready to be completed.',
    cancel: 'Cancel',
    alikeTitle: 'This may be a double',
    alikeText:
      'These applications of yours concern the same people. See whether you need them all: you can send them anyway.',
    alikeListTitle: (count) =>
      count === 1
        ? 'One group of applications concerns the same people'
        : `${count} groups of applications concern the same people`,
    alikeShow: 'Show which',
    alikeLine: (title, model) => `${title}, form ${model}`,
    read: 'Read the application',
    readTitle: (title) => `Application: ${title}`,
    readLead: 'All answers as they are now.',
    readNote: 'This is no receipt.',
    readByStaff:
      'You read it as staff: each reading is noted, and its answers cannot be changed from here.',
    readOnly:
      'Your role in the organisation is to read: who prepares or administers can change it.',
    pdf: 'Download as PDF',
    print: 'Print',
    documents: 'Documents',
    noDocuments: 'No documents added',
    documentsCount: (count) => (count === 1 ? '1 document' : `${count} documents`),
    back: 'Back to the application',
    backIssued: (name) =>
      `The application “${name}” goes back to “to complete”. Mind: a passbook with the present version was handed to the sending program. Until you make it ready again and get ready to send again, that program can still send the present version: then that one counts, and the changes are lost.`,
    reopenedNow:
      'You took the application back after a passbook had been handed out: make it ready again and get ready to send again, or the earlier version may be sent.',
  },
});

export type DraftingWords = (typeof draftingTexts)['it'];
