/** What who asked is told when requests are joined, parted or split, in the ticket's language. */
import type { TicketRow } from '../../../store/database/index.ts';

type Named = Pick<TicketRow, 'number' | 'subject' | 'language'>;

const named = ({ number, subject }: Named) => (number === null ? `“${subject}”` : number);

export function mergedWords(source: Named, target: Named): string {
  return target.language === 'en'
    ? `Your request ${named(source)} is about the same matter and goes on here, in ${named(target)}.`
    : `La tua richiesta ${named(source)} riguarda lo stesso argomento e prosegue qui, nella ${named(target)}.`;
}

export function unmergedWords(source: Named, target: Named): string {
  return source.language === 'en'
    ? `Your request ${named(source)} goes on by itself again, apart from ${named(target)}.`
    : `La tua richiesta ${named(source)} prosegue di nuovo da sola, separata dalla ${named(target)}.`;
}

export function splitWords(source: Named): string {
  return source.language === 'en'
    ? `Part of your request ${named(source)} goes on here as a request of its own.`
    : `Una parte della tua richiesta ${named(source)} prosegue qui come richiesta a sé.`;
}
