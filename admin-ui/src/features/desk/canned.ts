/**
 * Placeholders of canned answers: `{{name}}` becomes what the ticket says. What the ticket does
 * not say stays as it is written, so that the operator sees it and completes it before sending.
 */
import type { Canned } from '#protocol/desk-tools-api.ts';
import type { TicketKind } from '#protocol/helpdesk-api.ts';
import type { TicketWords } from './ticket-texts.ts';

export const placeholders = ['name', 'number', 'operator', 'application', 'protocol'] as const;
export type Placeholders = Readonly<Partial<Record<(typeof placeholders)[number], string>>>;

const PLACEHOLDER = /\{\{\s*([a-z]+)\s*\}\}/g;

export function fillPlaceholders(text: string, values: Placeholders): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const known = placeholders.find((each) => each === name);
    return (known && values[known]) || whole;
  });
}

/** The placeholders that a text still has, each once, as they are written. */
export function openPlaceholders(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([whole]) => whole))];
}

/** Why a text cannot go to anybody as it is; empty: it can. */
export function refusalOf(text: string, t: Pick<TicketWords, 'placeholdersLeft'>): string {
  const open = openPlaceholders(text);
  return open.length === 0 ? '' : t.placeholdersLeft(open.join(', '));
}

/** Those for this kind and for any, the former first; each by its title. */
export function cannedFor(kind: TicketKind, all: readonly Canned[]): Canned[] {
  const fitting = all.filter((each) => each.kind === kind || each.kind === null);
  const rank = (each: Canned): number => (each.kind === kind ? 0 : 1);
  return fitting.toSorted((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title));
}
