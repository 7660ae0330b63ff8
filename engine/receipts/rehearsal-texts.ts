/** The words of a receipt of no value, in the two languages. */
const it = {
  lang: 'it-IT',
  banner: 'PROVA – non ha valore',
  title: 'Ricevuta di una prova di invio',
  lines: [
    'Nessuna domanda è stata presentata con questa prova, e nessun posto è stato preso.',
    'La ricevuta di una domanda vera ha un sigillo elettronico: questa non ne ha.',
  ],
  number: 'Numero della prova',
  application: 'Domanda finta',
  foot: 'Fatta per provare programma, connessione e orologio. Le prove possono essere cancellate.',
};

const en: typeof it = {
  lang: 'en-GB',
  banner: 'REHEARSAL – of no value',
  title: 'Receipt of a practice submission',
  lines: [
    'No application was submitted with this rehearsal, and no place was taken.',
    'The receipt of a real application has an electronic seal: this one has none.',
  ],
  number: 'Number of the rehearsal',
  application: 'Pretended application',
  foot: 'Made to try program, connection and clock. Rehearsals may be wiped.',
};

export function rehearsalTexts(language: 'it' | 'en'): typeof it {
  return language === 'en' ? en : it;
}
