/**
 * A ticket's number sign by sign, as it is read out on the telephone: the towns of the Italian
 * alphabet, the words of ICAO in English. Digits say themselves.
 */
import type { Language } from '../../i18n/dictionary.ts';

const alphabets: Readonly<Record<Language, string>> = {
  it: `Ancona Bologna Como Domodossola Empoli Firenze Genova Hotel Imola Jolly Kursaal Livorno
    Milano Napoli Otranto Palermo Quarto Roma Savona Torino Udine Venezia Washington Xilofono York
    Zara`,
  en: `Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar
    Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu`,
};

export interface SpelledSign {
  readonly sign: string;
  /** Null where the sign says itself. */
  readonly word: string | null;
}

/** What separates groups is left out. */
export function spell(number: string, language: Language): SpelledSign[] {
  const words = alphabets[language].split(/\s+/);
  return [...number.toUpperCase()]
    .filter((sign) => /[0-9A-Z]/.test(sign))
    .map((sign) => ({ sign, word: words.find((word) => word.startsWith(sign)) ?? null }));
}
