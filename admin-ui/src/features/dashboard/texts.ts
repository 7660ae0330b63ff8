/** Words of the box that says what to do next. */
import { dictionary } from '../../i18n/dictionary.ts';

const many = (count: number, one: string, more: string) => (count === 1 ? one : `${count} ${more}`);

export const dashboardTexts = dictionary('dashboard', {
  it: {
    title: 'Che cosa fare adesso',
    hello: (name: string) => `Ciao, ${name}`,
    all: 'Tutte le mie domande',
    counts: 'Le tue domande',
    draft: (count: number) => `${count} da completare`,
    ready: (count: number) => many(count, '1 pronta', 'pronte'),
    submitted: (count: number) => many(count, '1 inviata', 'inviate'),
    receipt: (count: number) => `${count} con ricevuta`,
    nothing: 'Comincia la tua domanda',
    nothingText: 'Scegli il modello: salviamo mentre scrivi, puoi fermarti quando vuoi.',
    nothingAction: 'Comincia una domanda',
    asked: (count: number) =>
      many(count, 'L’assistenza ti chiede un’informazione', 'richieste aspettano una tua risposta'),
    askedText: 'Finché non rispondi la richiesta resta ferma: basta un minuto.',
    askedAction: 'Leggi e rispondi',
    toComplete: (count: number) => many(count, 'Completa la tua domanda', 'domande da completare'),
    toCompleteText: (until: string) =>
      until ? `Deve essere pronta entro ${until}.` : 'Quando è completa la rendi «pronta».',
    toCompleteAction: 'Continua a compilare',
    readyTitle: (count: number) => many(count, 'La tua domanda è pronta', 'domande sono pronte'),
    readyText: (when: string) =>
      when
        ? `Il click day apre ${when}. Prima di allora prepara il programma di invio: invia da solo.`
        : 'Prepara il programma di invio: invia da solo all’istante dell’apertura.',
    readyAction: 'Prepara il programma di invio',
    dayTitle: (count: number) =>
      many(count, 'Oggi si invia: 1 domanda pronta', 'domande pronte: oggi si inviano'),
    dayText: (when: string) =>
      when
        ? `Si apre ${when}. Avvia ora il programma di invio e lascialo aperto: non devi cliccare.`
        : 'Il click day è aperto. Avvia il programma di invio: invia subito da solo.',
    dayAction: 'Avvia il programma di invio',
    accepted: (count: number) =>
      many(count, 'Invio corretto: la domanda è registrata', 'domande registrate'),
    acceptedText: 'La ricevuta è in preparazione e arriva da sola. Non devi fare niente.',
    acceptedAction: 'Vedi a che punto è',
    receipts: (count: number) => many(count, 'La ricevuta è pronta', 'ricevute sono pronte'),
    receiptsText: 'Scaricala e conservala: dice l’istante di arrivo e il numero di protocollo.',
    receiptsAction: 'Apri la ricevuta',
  },
  en: {
    title: 'What to do now',
    hello: (name) => `Hello, ${name}`,
    all: 'All my applications',
    counts: 'Your applications',
    draft: (count) => `${count} to complete`,
    ready: (count) => `${count} ready`,
    submitted: (count) => `${count} sent`,
    receipt: (count) => `${count} with a receipt`,
    nothing: 'Begin your application',
    nothingText: 'Choose the form: we save while you type, stop whenever you like.',
    nothingAction: 'Begin an application',
    asked: (count) =>
      many(count, 'The help desk asks you for information', 'requests wait for your answer'),
    askedText: 'Until you answer, the request stands still: it takes a minute.',
    askedAction: 'Read and answer',
    toComplete: (count) => many(count, 'Complete your application', 'applications to complete'),
    toCompleteText: (until) =>
      until ? `It must be ready by ${until}.` : 'When it is complete you make it “ready”.',
    toCompleteAction: 'Go on filling it in',
    readyTitle: (count) => many(count, 'Your application is ready', 'applications are ready'),
    readyText: (when) =>
      when
        ? `The click day opens ${when}. Before then set up the sending program: it sends by itself.`
        : 'Set up the sending program: it sends by itself at the instant of opening.',
    readyAction: 'Set up the sending program',
    dayTitle: (count) =>
      many(
        count,
        'Today it is sent: 1 application is ready',
        'applications are ready: today they are sent',
      ),
    dayText: (when) =>
      when
        ? `It opens ${when}. Start the sending program now and leave it open: you need not click.`
        : 'The click day is open. Start the sending program: it sends at once by itself.',
    dayAction: 'Start the sending program',
    accepted: (count) =>
      many(count, 'Accepted: your application is recorded', 'applications are recorded'),
    acceptedText: 'The receipt is being made and comes by itself. There is nothing to do.',
    acceptedAction: 'See how far it is',
    receipts: (count) => many(count, 'Your receipt is ready', 'receipts are ready'),
    receiptsText:
      'Download it and keep it: it states the instant of arrival and the protocol number.',
    receiptsAction: 'Open the receipt',
  },
});
