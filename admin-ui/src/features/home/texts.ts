/** Words of the home page. */
import { dictionary } from '../../i18n/dictionary.ts';

export const homeTexts = dictionary({
  it: {
    title: 'Le domande del click day',
    heroOpen: 'Il click day è aperto',
    heroNext: 'Prossimo click day',
    heroNone: 'Nessun click day in programma',
    noneText: 'Quando il prossimo sarà pubblicato lo trovi qui, con la data e l’ora esatte.',
    closesAt: (when: string) => `Si può inviare fino a ${when}.`,
    start: 'Registrati per cominciare',
    continueDrafts: 'Vai alle mie domande',
    goControl: 'Vai alla sala di controllo',
    haveAccount: 'Ho già un profilo: accedi',
    whatToDo: 'Che cosa fare, ed entro quando',
    step1: 'Registrati',
    step1Text: 'Servono il codice fiscale e un indirizzo e-mail. Puoi farlo da subito.',
    step2: 'Compila la domanda e rendila «pronta»',
    step2Text:
      'Una domanda per ogni lavoratore. Salviamo mentre scrivi: puoi fermarti e riprendere quando vuoi.',
    step3: 'Avvia il programma di invio',
    step3Text:
      'Controlla l’orologio e la connessione, poi invia da solo all’istante dell’apertura. Non devi cliccare.',
    step4: 'Scarica la ricevuta',
    step4Text: 'Dopo «Invio corretto» la ricevuta in PDF arriva nella pagina della domanda.',
    by: (when: string) => `Entro ${when}`,
    from: (when: string) => `Da ${when}`,
    allDays: 'I click day',
    noDays: 'Nessun click day pubblicato',
    noDaysText: 'Il calendario si riempie quando il decreto è in Gazzetta Ufficiale.',
    opens: 'Apre',
    closes: 'Chiude',
    models: 'Modelli',
    rules: 'L’ordine lo decide l’arrivo',
    rulesText:
      'Conta l’istante in cui la domanda arriva al nostro varco, misurato con l’ora ufficiale. Nessuno è ammesso prima dell’apertura. Chiunque può verificare il registro pubblico.',
    verifyText: 'Hai in mano una ricevuta e vuoi sapere se è autentica?',
    rulesLink: 'Come funziona, passo per passo',
  },
  en: {
    title: 'Click-day applications',
    heroOpen: 'The click day is open',
    heroNext: 'Next click day',
    heroNone: 'No click day is planned',
    noneText: 'When the next one is published you find it here, with its exact date and time.',
    closesAt: (when) => `You can send until ${when}.`,
    start: 'Register to begin',
    continueDrafts: 'Go to my applications',
    goControl: 'Go to the control room',
    haveAccount: 'I have a profile: log in',
    whatToDo: 'What to do, and by when',
    step1: 'Register',
    step1Text:
      'You need your codice fiscale (Italian tax code) and an e-mail address. You can do it now.',
    step2: 'Fill in the application and make it “ready”',
    step2Text:
      'One application for each worker. We save while you type: stop and go on whenever you like.',
    step3: 'Start the sending program',
    step3Text:
      'It checks the clock and the connection, then sends by itself at the instant of opening. You need not click.',
    step4: 'Download the receipt',
    step4Text:
      'After “Invio corretto” (accepted) the PDF receipt appears on the application’s page.',
    by: (when) => `By ${when}`,
    from: (when) => `From ${when}`,
    allDays: 'The click days',
    noDays: 'No click day is published',
    noDaysText: 'The calendar is filled when the decree is in the Official Gazette.',
    opens: 'Opens',
    closes: 'Closes',
    models: 'Forms',
    rules: 'Arrival decides the order',
    rulesText:
      'What counts is the instant at which an application reaches our gate, measured with the official time. Nobody is admitted before the opening. Anyone can check the public log.',
    verifyText: 'Do you hold a receipt and want to know whether it is genuine?',
    rulesLink: 'How it works, step by step',
  },
});
