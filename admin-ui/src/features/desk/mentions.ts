/** Who is mentioned in a note: the desk's own whose name stands there behind an @. */

import type { Person } from '#protocol/desk-api.ts';
import { MENTIONS_MAX } from '#protocol/desk-api.ts';

const LETTER = /[\p{L}\p{N}]/u;

/** Of `operators`. A name ends where the word ends: @Anna is not @Annalisa. */
export function mentionedIn(text: string, operators: readonly Person[]): Person[] {
  const read = text.toLowerCase();
  const isNamed = ({ name }: Person) => {
    const sought = `@${name.toLowerCase()}`;
    for (let at = read.indexOf(sought); at >= 0; at = read.indexOf(sought, at + 1)) {
      if (!LETTER.test(read.charAt(at + sought.length))) return true;
    }
    return false;
  };
  return operators.filter(isNamed).slice(0, MENTIONS_MAX);
}
