/**
 * What is the matter with a gate, and what its operator does: a sentence for each code of the
 * gate's disk and memory, of its clock (`clock.alarms` of `/health`) and of its public log
 * (`log.trouble`, `log.witnesses`).
 */
import { dictionary, type Language } from '../../i18n/dictionary.ts';

export const gateTexts = dictionary('gates', {
  it: {
    NOT_WRITABLE: (id: string) =>
      `Il varco ${id} non ammette nessuno: il suo disco è pieno o non scrive. Libera spazio: riprende da solo.`,
    MEMORY_SHORT: (id: string) =>
      `Il varco ${id} ha poca memoria: rifiuta le nuove connessioni e serve quelle aperte. Cerca chi ne apre troppe, o aumenta CLICKDAY_MEMORY_MAX.`,
    REFERENCE_DOUBTED: (id: string) =>
      `Il varco ${id} non sa che ora è: i server di tempo e la data della macchina si contraddicono. Non apre in anticipo per nessuno dei due, ma in ritardo: correggi quello che sbaglia.`,
    SYSTEM_DATE_DIFFERS: (id: string) =>
      `La data della macchina del varco ${id} è sbagliata; il varco segue i server di tempo. Correggila prima di riavviare la macchina.`,
    NOT_SYNCHRONISED: (id: string) =>
      `L’orologio del varco ${id} non ha mai sentito un server di tempo: controlla la rete e gli indirizzi dei server.`,
    HOLDOVER: (id: string) =>
      `Il varco ${id} non sente più i server di tempo e va avanti da solo: ripristinali prima dell’apertura.`,
    UNCERTAINTY_HIGH: (id: string) =>
      `L’ora del varco ${id} è molto incerta: aprirà in ritardo di altrettanto. Controlla i server di tempo.`,
    NO_MAJORITY: (id: string) =>
      `I server di tempo del varco ${id} si contraddicono senza maggioranza: aggiungine altri o togli quello che sbaglia.`,
    SERVER_OUTVOTED: (id: string) =>
      `Un server di tempo del varco ${id} contraddice gli altri e non viene creduto: toglilo.`,
    SYSTEM_DATE_STEPPED: (id: string) =>
      `Qualcuno ha cambiato la data della macchina del varco ${id} nell’ultima ora: scopri chi e perché.`,
    REFERENCE_JUMPED: (id: string) =>
      `L’ora dei server di tempo del varco ${id} è saltata nell’ultima ora: controlla quali server usa.`,
    SIGNED_OTHERWISE: (id: string) =>
      `Il registro pubblico del varco ${id} non viene più firmato: il registro è diverso da quello già firmato. Ferma, verifica, e spiega pubblicamente.`,
    ROOT_DIFFERS: (id: string) =>
      `Il registro pubblico del varco ${id} non viene più firmato: i dati sul disco non sono quelli scritti. Ferma, verifica e ripristina da una copia integra.`,
    LEDGER_DAMAGED: (id: string) =>
      `Il registro pubblico del varco ${id} non viene più firmato: una pagina non si legge. Verifica e ripristina da una copia integra.`,
    RECORD_UNWRITABLE: (id: string) =>
      `Il registro pubblico del varco ${id} non viene firmato: manca lo spazio per annotare la firma. Libera spazio: riprende da solo.`,
    ENDED: (id: string) =>
      `Il registro pubblico del varco ${id} non viene più firmato: il suo processo è finito. Le ammissioni continuano; riavvia il varco dopo la chiusura.`,
    WITNESS_CONTRADICTED: (id: string) =>
      `Un testimone del registro pubblico del varco ${id} ha visto un’altra storia: c’è un secondo varco con questo nome, o una copia vecchia ripristinata. Ferma quello di troppo, conserva entrambe le cartelle, e spiega pubblicamente.`,
    WITNESS_MISSING: (id: string) =>
      `Un testimone del registro pubblico del varco ${id} non controfirma: chiama chi lo gestisce. Le ammissioni continuano; /health dice quale e perché.`,
    other: (id: string, code: string) =>
      `Il varco ${id} segnala ${code}: guarda il suo registro di sistema.`,
  },
  en: {
    NOT_WRITABLE: (id) =>
      `Gate ${id} admits nobody: its disk is full or cannot be written. Make room: it goes on by itself.`,
    MEMORY_SHORT: (id) =>
      `Gate ${id} is short of memory: it refuses new connections and serves those that are open. Find who opens too many, or raise CLICKDAY_MEMORY_MAX.`,
    REFERENCE_DOUBTED: (id) =>
      `Gate ${id} does not know what time it is: time servers and the machine’s date contradict each other. It opens early by neither, but late: set right the one that is wrong.`,
    SYSTEM_DATE_DIFFERS: (id) =>
      `The date of gate ${id}’s machine is wrong; the gate follows the time servers. Set it right before the machine is restarted.`,
    NOT_SYNCHRONISED: (id) =>
      `The clock of gate ${id} has never heard a time server: check the network and the servers’ addresses.`,
    HOLDOVER: (id) =>
      `Gate ${id} hears no time server any more and runs on its own: restore them before the opening.`,
    UNCERTAINTY_HIGH: (id) =>
      `The time of gate ${id} is very uncertain: it will open that much late. Check the time servers.`,
    NO_MAJORITY: (id) =>
      `The time servers of gate ${id} contradict one another without a majority: add others or take out the one that is wrong.`,
    SERVER_OUTVOTED: (id) =>
      `One time server of gate ${id} contradicts the others and is not believed: take it out.`,
    SYSTEM_DATE_STEPPED: (id) =>
      `Somebody changed the date of gate ${id}’s machine within the last hour: find out who and why.`,
    REFERENCE_JUMPED: (id) =>
      `The time of gate ${id}’s time servers jumped within the last hour: check which servers it uses.`,
    SIGNED_OTHERWISE: (id) =>
      `The public log of gate ${id} is signed no more: the ledger differs from what was signed. Stop, verify, and explain it in public.`,
    ROOT_DIFFERS: (id) =>
      `The public log of gate ${id} is signed no more: what is on disk is not what was written. Stop, verify, and restore from a copy that is whole.`,
    LEDGER_DAMAGED: (id) =>
      `The public log of gate ${id} is signed no more: a page cannot be read. Verify, and restore from a copy that is whole.`,
    RECORD_UNWRITABLE: (id) =>
      `The public log of gate ${id} is not signed: there is no room to note the signature. Make room: it goes on by itself.`,
    ENDED: (id) =>
      `The public log of gate ${id} is signed no more: its thread has ended. Admission goes on; restart the gate after the close.`,
    WITNESS_CONTRADICTED: (id) =>
      `A witness of gate ${id}’s public log has seen another history: there is a second gate of this name, or an old copy was restored. Stop the one too many, keep both folders, and explain it in public.`,
    WITNESS_MISSING: (id) =>
      `A witness of gate ${id}’s public log does not cosign: call whoever runs it. Admission goes on; /health says which and why.`,
    other: (id, code) => `Gate ${id} reports ${code}: look into its log.`,
  },
});

/** The sentence of a code; one that this page does not know is named. */
export function gateSentence(language: Language, id: string, code: string): string {
  const texts: Readonly<Record<string, (id: string, code: string) => string>> = gateTexts[language];
  return (texts[code] ?? texts.other)?.(id, code) ?? code;
}
