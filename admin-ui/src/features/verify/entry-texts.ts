/**
 * Words of the page that tells what is recorded under a protocol number. The hyphens of the hint's
 * example are the ones that do not break at the end of a line.
 */
import { dictionary } from '../../i18n/dictionary.ts';

export const verifyTexts = dictionary('entries', {
  it: {
    field: 'Numero di protocollo',
    hint: 'È in alto sulla ricevuta, per esempio 2011‑01‑31/g1/000000123. Il codice QR lo scrive da solo.',
    missing: 'Scrivi il numero di protocollo che leggi sulla ricevuta.',
    look: 'Verifica',
    found: 'Con questo numero è registrata una domanda',
    foundText:
      'Confronta questi dati con quelli della ricevuta. Se anche uno solo è diverso, la ricevuta non è autentica.',
    notFound: 'Con questo numero non è registrata nessuna domanda',
    notFoundText: (protocol: string) =>
      `Nel registro non c’è «${protocol}». Ricontrolla il numero cifra per cifra sulla ricevuta: se è proprio questo, la ricevuta non è autentica.`,
    protocol: 'Protocollo',
    received: 'Quando è arrivata',
    inUtc: 'In UTC',
    uncertainty: 'Incertezza dell’orologio',
    place: 'Posto nell’ordine di arrivo',
    placeUnknown:
      'Non ancora definitivo: si conosce quando nessun varco può più ricevere domande più vecchie. Riprova tra poco.',
    duplicate: (place: string) =>
      `La stessa domanda era già arrivata: conta il suo primo posto, il ${place}.`,
    toRanking: 'Graduatoria del click day',
    model: 'Modello',
    office: 'Ufficio competente',
    clickDay: 'Click day',
    numbers: 'Per il controllo esatto',
    leafHash: 'Hash della foglia',
    digest: 'Impronta SHA-256 della domanda',
    identifier: 'Identificativo della domanda',
    gate: 'Varco e numero progressivo',
    notWho:
      'Non dice chi ha presentato la domanda, né come è stata decisa: nel registro non ci sono dati personali.',
  },
  en: {
    field: 'Protocol number',
    hint: 'It stands at the top of the receipt, for example 2011‑01‑31/g1/000000123. The QR code fills it in by itself.',
    missing: 'Type the protocol number that you read on the receipt.',
    look: 'Check',
    found: 'An application is recorded under this number',
    foundText:
      'Compare these data with those on the receipt. If even one of them differs, the receipt is not genuine.',
    notFound: 'No application is recorded under this number',
    notFoundText: (protocol) =>
      `The log has no “${protocol}”. Compare the number with the receipt digit by digit: if it is exactly this one, the receipt is not genuine.`,
    protocol: 'Protocol number',
    received: 'When it arrived',
    inUtc: 'In UTC',
    uncertainty: 'Uncertainty of the clock',
    place: 'Place in the order of arrival',
    placeUnknown:
      'Not final yet: it is known when no gate can receive older applications any more. Try again shortly.',
    duplicate: (place) =>
      `The same application had arrived before: its first place, ${place}, is the one that counts.`,
    toRanking: 'Public list of the click day',
    model: 'Form',
    office: 'Competent office',
    clickDay: 'Click day',
    numbers: 'For the exact check',
    leafHash: 'Leaf hash',
    digest: 'SHA-256 digest of the application',
    identifier: 'Identifier of the application',
    gate: 'Gate and sequence number',
    notWho:
      'It does not say who sent the application, nor how it was decided: the log holds no personal data.',
  },
});
