/**
 * What a person wrote in an answer, without the letter that was answered. Our letters begin with a
 * line that says so (`ANSWER_ABOVE`); programs quote it with what follows. What stands above it is
 * the answer. When nothing does, the answer was written below or between: the lines that are not
 * quoted are it. Nothing is cut by guessing from the middle of a text.
 */

/** First line of each letter that can be answered; in both languages, so that one is enough. */
export const ANSWER_ABOVE =
  '#### Rispondi sopra questa riga · Write your answer above this line ####';

const MARKER = /####\s*Rispondi sopra questa riga/;
const QUOTED = /^\s*>/;
/** How programs introduce what they quote, when it is the last thing above it. */
const INTRODUCTION = [
  /^(Il|In data|On|Am|Le)\b.{0,300}(ha scritto|wrote|schrieb|a écrit)\s*:?$/s,
  /^-{2,}\s*(Original Message|Messaggio originale|Messaggio inoltrato)\s*-{2,}$/i,
  /^_{10,}$/,
];
const HEADER_LINE = /^\*?(Da|From|Inviato|Sent|A|To|Cc|Oggetto|Subject|Data|Date)\*?\s*:/;
const INTRODUCTION_LINES_MAX = 8;

export function ownWords(text: string): string {
  const lines = text.split('\n');
  const marker = lines.findIndex((line) => MARKER.test(line));
  if (marker < 0) return withoutLastQuote(lines);
  const above = withoutIntroduction(lines.slice(0, marker));
  if (above !== '') return above;
  const rest = lines.slice(marker + 1);
  const isMarked = QUOTED.test(lines[marker] ?? '');
  return isMarked ? joined(rest.filter((line) => !QUOTED.test(line))) : '';
}

/** A quotation that ends the text says nothing new. */
function withoutLastQuote(lines: readonly string[]): string {
  let end = lines.length;
  while (end > 0 && (QUOTED.test(lines[end - 1] ?? '') || lines[end - 1]?.trim() === '')) end -= 1;
  const isQuoting = lines.slice(end).some((line) => QUOTED.test(line));
  return isQuoting ? withoutIntroduction(lines.slice(0, end)) : joined(lines);
}

/** Drops the last lines when all of them introduce a quotation. */
function withoutIntroduction(lines: readonly string[]): string {
  let kept = dropQuoted(joined(lines).split('\n'));
  while (HEADER_LINE.test(kept.at(-1)?.trim() ?? '')) kept = kept.slice(0, -1);
  for (let count = INTRODUCTION_LINES_MAX; count > 0; count -= 1) {
    const last = kept.slice(-count).join('\n').trim();
    if (last !== '' && INTRODUCTION.some((form) => form.test(last))) {
      return joined(kept.slice(0, -count));
    }
  }
  return joined(kept);
}

function dropQuoted(lines: string[]): string[] {
  let end = lines.length;
  while (end > 0 && QUOTED.test(lines[end - 1] ?? '')) end -= 1;
  return lines.slice(0, end);
}

function joined(lines: readonly string[]): string {
  return lines.join('\n').trim();
}
