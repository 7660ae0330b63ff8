/**
 * The name under which a file is shown and handed out: what a person called it, without what could
 * lead astray a person, a shell or a file system. Files lie on the disk by their ids, so a name is
 * never a path; nor may it look like another one than it is.
 */
/** Without the extension, in characters as people count them. */
const STEM_LENGTH_MAX = 100;
/** Names that Windows keeps for devices, whatever their extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;
/** Controls, invisible signs and those that turn the direction of writing, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const ASKEW = /[<>:"|?*\\/]/g;

/**
 * The clean name of a file whose type has these extensions. Undefined when its own says it is
 * another type; a name without extension gets the first of them, an empty one is `document`.
 */
export function cleanName(given: string, allowed: readonly string[]): string | undefined {
  const seen = given.normalize('NFC').replace(UNSEEN, '');
  const base = seen.split(/[\\/]/).at(-1) ?? '';
  const tidy = base
    .replace(ASKEW, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const dot = tidy.lastIndexOf('.');
  const extension = dot > 0 ? tidy.slice(dot + 1).toLowerCase() : '';
  if (extension !== '' && !allowed.includes(extension)) return undefined;
  const stem = shortened(dot > 0 ? tidy.slice(0, dot) : tidy).replace(/[.\s]+$/, '');
  const safe = stem === '' ? 'document' : DEVICE.test(stem.split('.')[0] ?? '') ? `_${stem}` : stem;
  return `${safe}.${extension || allowed[0]}`;
}

/** Cut between characters, never inside one. */
function shortened(stem: string): string {
  const parts = Array.from(new Intl.Segmenter('it').segment(stem), ({ segment }) => segment);
  return parts
    .slice(0, STEM_LENGTH_MAX)
    .join('')
    .slice(0, 2 * STEM_LENGTH_MAX);
}
