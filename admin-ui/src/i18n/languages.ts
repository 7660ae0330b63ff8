/**
 * The languages a person may choose: the two that every text is written in, and each folder of
 * `admin-ui/src/languages/` (its README says how one is made). Nothing else lists them.
 */
import type { AddedWords } from './spoken.ts';

export interface OfferedLanguage {
  /** What is stored and sent: the folder's name, for example `de`. */
  readonly code: string;
  /** Its name in itself. */
  readonly name: string;
  /** Three letters for the header. */
  readonly short: string;
  /** BCP 47: how its numbers and dates are written. */
  readonly tag: string;
  /** Null for the two that are written beside the features. */
  readonly words: (() => Promise<AddedWords>) | null;
}

type About = Pick<OfferedLanguage, 'name' | 'short' | 'tag'>;

const written: readonly OfferedLanguage[] = [
  { code: 'it', name: 'Italiano', short: 'ITA', tag: 'it-IT', words: null },
  { code: 'en', name: 'English', short: 'ENG', tag: 'en-GB', words: null },
];

/** Found when the application is built; the words are loaded when their language is chosen. */
const abouts = import.meta.glob<About>('../languages/*/language.json', {
  eager: true,
  import: 'default',
});
const words = import.meta.glob<AddedWords>('../languages/*/words.ts', { import: 'words' });

export const offeredLanguages: readonly OfferedLanguage[] = [
  ...written,
  ...Object.entries(abouts).map(([path, { name, short, tag }]) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const code = folder.slice(folder.lastIndexOf('/') + 1);
    return { code, name, short, tag, words: words[`${folder}/words.ts`] ?? (async () => ({})) };
  }),
];
