/**
 * The added language that is being spoken, if one is: its words by dictionary and key. The one
 * piece of state that belongs to the whole page and not to `App`, because dictionaries are made
 * before there is one. Only `Locale` sets it; whatever was drawn with it is drawn again.
 */
import { createSubscriber } from 'svelte/reactivity';

export type Text = string | ((...parameters: never[]) => string);

/** Words of an added language: dictionary → key → text. What is missing is said in Italian. */
export type AddedWords = Readonly<Record<string, Readonly<Record<string, Text>>>>;

export interface Spoken {
  /** BCP 47: how its numbers and dates are written. */
  readonly tag: string;
  readonly words: AddedWords;
}

let spoken: Spoken | null = null;
let redraw = () => {};
const follow = createSubscriber((update) => {
  redraw = update;
});

/** Null: Italian and English speak for themselves. */
export function speak(language: Spoken | null): void {
  spoken = language;
  redraw();
}

export function spokenWords(dictionary: string): AddedWords[string] | undefined {
  follow();
  return spoken?.words[dictionary];
}

export function spokenTag(): string | undefined {
  follow();
  return spoken?.tag;
}
