/** What is erased and what is kept, and why: said before, in both languages. */
import type { Texts } from '#protocol/portal-api.ts';
import type { DeletionCounts } from './deletion-store.ts';

/** With how many requests for help there are. */
export type Counts = DeletionCounts & { readonly tickets: number };

export function erasedWords({ unsubmitted, tickets }: Counts): Texts[] {
  const asked: Texts = {
    it: `Le richieste di assistenza (${tickets}): testi, allegati, oggetto e recapiti. Ne restano numero, materia e date.`,
    en: `Requests for help (${tickets}): texts, attachments, subject and address. Number, matter and dates stay.`,
  };
  const erased: Texts[] = [
    ...(tickets > 0 ? [asked] : []),
    {
      it: 'Nome, cognome, codice fiscale e indirizzo e-mail del tuo profilo, password, codici di verifica e sessioni.',
      en: 'Your profile’s name, codice fiscale and e-mail address, password, verification codes and sessions.',
    },
    {
      it: 'Le e-mail che ti abbiamo mandato e che il portale conserva.',
      en: 'The e-mails we sent you that the portal keeps.',
    },
  ];
  if (unsubmitted === 0) return erased;
  const drafts: Texts = {
    it: `Le domande mai inviate (${unsubmitted}), con le risposte e gli allegati. Quella che un libretto scaricato può ancora inviare aspetta un giorno dopo la chiusura del suo click day.`,
    en: `Applications never submitted (${unsubmitted}), with answers and attachments. One that a passbook in your hands can still submit waits until a day after its click day has closed.`,
  };
  return [drafts, ...erased];
}

export function keptWords({ submitted, ofOrganisation }: DeletionCounts): Texts[] {
  const ofOthers: Texts = {
    it: `Le domande della tua organizzazione che hai cominciato tu (${ofOrganisation}): sono dell’organizzazione.`,
    en: `Your organisation’s applications that you began (${ofOrganisation}): they belong to the organisation.`,
  };
  const kept: Texts[] = [
    ...(ofOrganisation > 0 ? [ofOthers] : []),
    {
      it: 'Il registro delle operazioni, con il numero dell’account e senza il tuo nome: prova che cosa ha fatto il portale.',
      en: 'The audit, with the number of the account and without your name: it proves what the portal did.',
    },
  ];
  if (submitted === 0) return kept;
  const papers: Texts = {
    it: `Le domande inviate (${submitted}), con risposte e ricevute: sono atti di un procedimento pubblico, e il loro posto nell’ordine di arrivo prova anche quello degli altri. Restano collegate a un numero senza nome.`,
    en: `Submitted applications (${submitted}), with answers and receipts: they are papers of a public procedure, and their place in the order of arrival proves that of the others. They stay linked to a number without a name.`,
  };
  return [papers, ...kept];
}
