/** Words of frequent questions, accessibility, privacy and of a page that does not exist. */
import { dictionary } from '../../i18n/dictionary.ts';

export const informationTexts = dictionary('information', {
  it: {
    notFound: 'Pagina non trovata',
    notFoundText:
      'L’indirizzo non corrisponde a nessuna pagina. Forse è stato copiato solo in parte, o la pagina non c’è più.',
    goHome: 'Vai alla pagina iniziale',
    q1: 'Che cos’è il click day?',
    a1: 'È il giorno e l’ora da cui si possono inviare le domande. I posti sono limitati e contano in ordine di arrivo.',
    q2: 'Come si decide l’ordine?',
    a2: 'Conta l’istante in cui la domanda arriva al varco, misurato con l’ora ufficiale. Chi invia prima dell’apertura riceve «Non ancora aperto» e non guadagna niente. Le domande arrivate insieme da una stessa connessione passano una alla volta, a turno con quelle degli altri.',
    q3: 'Devo cliccare alle 8:00:00?',
    a3: 'No. Prepara la domanda, rendila pronta e avvia il programma di invio prima dell’apertura: invia da solo all’istante giusto.',
    q4: 'L’orologio del mio computer è sbagliato: è un problema?',
    a4: 'No. Qui e nel programma di invio vale l’ora ufficiale del servizio, quella in alto in ogni pagina con la sua incertezza.',
    q5: 'Ho chiuso la pagina mentre compilavo. Ho perso tutto?',
    a5: 'No. Salviamo mentre scrivi; quello che non era ancora salvato resta sul tuo dispositivo e lo ritrovi riaprendo la pagina.',
    q6: 'Come so che la domanda è arrivata?',
    a6: 'Leggi «Invio corretto» con il protocollo e l’istante di arrivo. Dopo pochi secondi nella pagina della domanda c’è la ricevuta in PDF.',
    q7: 'Ho inviato due volte la stessa domanda',
    a7: 'Vale il primo invio, con il suo posto. Il secondo riceve lo stesso esito.',
    q8: 'Non ricevo le e-mail',
    a8: 'Guarda nella posta indesiderata e controlla l’indirizzo. Registrarsi di nuovo con lo stesso indirizzo fa ripartire la e-mail.',
    terms: 'Le parole ufficiali',
    taxCode: 'Codice fiscale',
    taxCodeText: 'Il codice di 16 caratteri sulla tessera sanitaria.',
    protocolNumber: 'Numero di protocollo',
    protocolNumberText:
      'Il numero con cui la domanda è registrata: click day, varco e posto di arrivo a quel varco.',
    accessibility: 'Dichiarazione di accessibilità',
    accessibilityLead:
      'Vogliamo che chiunque possa usare questo servizio, anche con tecnologie assistive, solo con la tastiera o con il testo ingrandito.',
    conformity: 'Stato di conformità',
    conformityText:
      'Il servizio è costruito per rispettare la norma UNI CEI EN 301549 (WCAG 2.2, livello AA). Ogni pagina è controllata in italiano e in inglese con uno strumento automatico, e il percorso fino alla domanda pronta con la sola tastiera; la verifica con le persone non è ancora stata fatta.',
    knownLimits: 'Limiti noti',
    knownLimitsText:
      'Il PDF della ricevuta e dell’anteprima non ha ancora i marcatori per i lettori di schermo: gli stessi dati si leggono nella pagina della domanda.',
    how: 'Come è fatto',
    howText:
      'Etichette sopra ai campi, errori riassunti in alto con i link, nessuna scadenza misurata mentre scrivi, nessun suono, nessun movimento necessario. Il conto alla rovescia parla solo nei momenti importanti.',
    feedback: 'Segnala un problema',
    feedbackText: (contact: string) =>
      `Se qualcosa ti impedisce di usare il servizio scrivi a: ${contact}. Indica la pagina e che cosa volevi fare. Rispondiamo entro 30 giorni. Se la risposta non basta puoi rivolgerti al Difensore civico per il digitale.`,
    contact: 'l’ente che riceve le domande',
    privacy: 'Informativa sulla privacy',
    privacyLead: 'Quali dati usiamo, perché, e per quanto tempo.',
    which: 'Quali dati',
    whichText:
      'I dati del tuo profilo (nome, cognome, codice fiscale, indirizzo e-mail) e quelli che scrivi nelle domande.',
    why: 'Perché',
    whyText:
      'Per ricevere la domanda, metterla in ordine di arrivo, darti la ricevuta e trasmetterla all’ufficio competente. Non li usiamo per altro e non facciamo profilazione.',
    published: 'Che cosa è pubblico',
    publishedText:
      'Il registro degli arrivi contiene l’identificativo della domanda, un’impronta che non rivela il contenuto, il click day, il modello, l’ufficio competente, l’istante e il numero. Nessun nome e nessun dato personale.',
    device: 'Sul tuo dispositivo',
    deviceText:
      'Un cookie tecnico per restare collegato, la lingua scelta e, finché non sono salvate, le risposte e i messaggi che stai scrivendo. Nessun cookie di altri, nessuna statistica.',
    howLong: 'Per quanto tempo',
    howLongText:
      'Le bozze finché non le elimini; le domande inviate per il tempo del procedimento e della conservazione di legge. Le richieste di assistenza fatte con un profilo finché esiste il profilo.',
    howLongHelp: (days: number) =>
      `Le richieste di assistenza fatte per telefono o per e-mail, senza profilo: ${days} giorni dopo la chiusura. Poi ne restano solo numero, tipo e tempi. Puoi chiedere di cancellarle prima.`,
    rights: 'I tuoi diritti',
    rightsText: (contact: string) =>
      `Puoi chiedere di vedere, correggere o cancellare i tuoi dati a: ${contact}. Puoi anche rivolgerti al Garante per la protezione dei dati personali.`,
  },
  en: {
    notFound: 'Page not found',
    notFoundText:
      'The address belongs to no page. Perhaps only a part of it was copied, or the page is gone.',
    goHome: 'Go to the home page',
    q1: 'What is the click day?',
    a1: 'The day and hour from which applications can be sent. Places are limited and count in order of arrival.',
    q2: 'How is the order decided?',
    a2: 'What counts is the instant at which the application reaches the gate, measured with the official time. Who sends before the opening gets “Not open yet” and gains nothing. Applications that arrive together on one connection pass one at a time, in turn with those of the others.',
    q3: 'Must I click at 8:00:00?',
    a3: 'No. Prepare the application, make it ready and start the sending program before the opening: it sends by itself at the right instant.',
    q4: 'My computer’s clock is wrong: is that a problem?',
    a4: 'No. Here and in the sending program the official time of the service counts, the one at the top of every page with its uncertainty.',
    q5: 'I closed the page while filling in. Did I lose everything?',
    a5: 'No. We save while you type; what was not saved yet stays on your device and is there when you open the page again.',
    q6: 'How do I know that the application arrived?',
    a6: 'You read “Invio corretto” (accepted) with the protocol number and the instant of arrival. A few seconds later the PDF receipt is on the application’s page.',
    q7: 'I sent the same application twice',
    a7: 'The first sending counts, with its place. The second gets the same outcome.',
    q8: 'I do not receive the e-mails',
    a8: 'Look into the spam folder and check the address. Registering again with the same address sends the e-mail again.',
    terms: 'The official words',
    taxCode: 'Codice fiscale',
    taxCodeText: 'The Italian tax code, 16 characters, printed on the health card.',
    protocolNumber: 'Protocol number',
    protocolNumberText:
      'The number under which the application is recorded: click day, gate and place of arrival at that gate.',
    accessibility: 'Accessibility statement',
    accessibilityLead:
      'We want everyone to be able to use this service, also with assistive technology, with the keyboard alone or with enlarged text.',
    conformity: 'Conformity',
    conformityText:
      'The service is built to meet the standard UNI CEI EN 301549 (WCAG 2.2, level AA). Each page is checked in Italian and English with an automatic tool, and the way to a ready application with the keyboard alone; testing with people has not been done yet.',
    knownLimits: 'Known limits',
    knownLimitsText:
      'The PDF of receipt and preview has no tags for screen readers yet: the same data can be read on the application’s page.',
    how: 'How it is made',
    howText:
      'Labels above the fields, errors summed up at the top with links, no time limit while you type, no sound, no movement needed. The countdown speaks only at the moments that matter.',
    feedback: 'Report a problem',
    feedbackText: (contact) =>
      `If something keeps you from using the service write to: ${contact}. Name the page and what you wanted to do. We answer within 30 days. If the answer is not enough you can turn to the Difensore civico per il digitale (digital ombudsman).`,
    contact: 'the body that receives the applications',
    privacy: 'Privacy notice',
    privacyLead: 'Which data we use, why, and for how long.',
    which: 'Which data',
    whichText:
      'The data of your profile (name, tax code, e-mail address) and what you write in the applications.',
    why: 'Why',
    whyText:
      'To receive the application, put it in order of arrival, give you the receipt and forward it to the competent office. We use them for nothing else and do no profiling.',
    published: 'What is public',
    publishedText:
      'The log of arrivals holds the application’s identifier, a fingerprint that does not reveal its content, the click day, the form, the competent office, the instant and the number. No name and no personal data.',
    device: 'On your device',
    deviceText:
      'A technical cookie to keep you logged in, the chosen language and, until they are saved, the answers and messages you are writing. No cookies of others, no statistics.',
    howLong: 'For how long',
    howLongText:
      'Drafts until you delete them; applications sent for the time of the procedure and of the keeping required by law. Requests for help made with an account as long as the account exists.',
    howLongHelp: (days) =>
      `Requests for help made by telephone or mail, without an account: ${days} days after they were closed. Then only number, kind and times are left. You can ask to have them erased before.`,
    rights: 'Your rights',
    rightsText: (contact) =>
      `You can ask to see, correct or delete your data, writing to: ${contact}. You can also turn to the Garante (data-protection authority).`,
  },
});
