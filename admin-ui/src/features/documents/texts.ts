/** Words of adding documents to an application. */
import { dictionary } from '../../i18n/dictionary.ts';

export const documentTexts = dictionary('documents', {
  it: {
    applications: 'Le mie domande',
    title: 'Documenti',
    lead: 'Aggiungi i file che hai già. Puoi farlo a più riprese, finché la domanda non è pronta.',
    rules: 'Che file possiamo ricevere',
    rulesText: (max: number) =>
      `PDF, JPEG o PNG, al massimo 2 MB l’uno e ${max} file in tutto. Una foto nitida va bene.`,
    fixed:
      'I documenti fanno parte della domanda: quando la rendi pronta restano fissati insieme alle risposte.',
    closed: 'La domanda non è in modifica: i documenti si possono scaricare, non cambiare.',
    required: 'Necessario',
    optional: 'Facoltativo',
    none: 'Nessun file',
    choose: 'Aggiungi un file',
    chooseNamed: (label: string) => `Aggiungi un file: ${label}`,
    sending: 'Invio del file in corso…',
    added: (name: string) => `Aggiunto: ${name}`,
    removed: (name: string) => `Tolto: ${name}`,
    remove: 'Togli',
    removeTitle: 'Togliere questo file?',
    removeText: (name: string) =>
      `Il file «${name}» viene tolto dalla domanda. Se serve puoi aggiungerlo di nuovo.`,
    download: 'Scarica',
    fingerprint: 'Impronta SHA-256',
    count: (count: number, max: number) => `${count} file su ${max}`,
    noKinds: 'Questo modello non chiede documenti.',
    review: 'Rileggi tutto',
    back: 'Torna alla domanda',
  },
  en: {
    applications: 'My applications',
    title: 'Documents',
    lead: 'Add the files that you have. You can do it bit by bit, until the application is ready.',
    rules: 'Which files we can take',
    rulesText: (max) =>
      `PDF, JPEG or PNG, 2 MB each at most and ${max} files in all. A sharp photo will do.`,
    fixed:
      'Documents are part of the application: when you make it ready they are fixed together with the answers.',
    closed: 'The application is not being edited: its documents can be downloaded, not changed.',
    required: 'Needed',
    optional: 'Optional',
    none: 'No file',
    choose: 'Add a file',
    chooseNamed: (label) => `Add a file: ${label}`,
    sending: 'Sending the file…',
    added: (name) => `Added: ${name}`,
    removed: (name) => `Taken away: ${name}`,
    remove: 'Take away',
    removeTitle: 'Take this file away?',
    removeText: (name) =>
      `The file “${name}” is taken away from the application. You can add it again if need be.`,
    download: 'Download',
    fingerprint: 'SHA-256 fingerprint',
    count: (count, max) => `${count} of ${max} files`,
    noKinds: 'This form asks for no documents.',
    review: 'Read it all through',
    back: 'Back to the application',
  },
});
