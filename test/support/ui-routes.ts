/**
 * The addresses of the web application, read from its router: a page that is added there is walked
 * without a word here. What stands for a parameter is found by the words before it; where nothing
 * is known, the page is walked with an identifier that names nothing.
 */
import { readFileSync } from 'node:fs';
import type { UiStage } from '#test/support/ui-stage.ts';

const ROUTER = 'admin-ui/src/router.ts';
const NOTHING = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** The patterns of all pages, as the router has them; `*` is any other address. */
export function routePatterns(source = readFileSync(ROUTER, 'utf8')): string[] {
  return [...source.matchAll(/^ {2}'(\/[^']*|\*)': /gm)].map(([, pattern = '']) => pattern);
}

/** The addresses at which a pattern is looked at, one at least. */
export function addressesOf(pattern: string, stage: UiStage): string[] {
  if (pattern === '*') return ['/no/such/page'];
  return fill(pattern.split('/').slice(1), stage).map((parts) => `/${parts.join('/')}`);
}

function fill(segments: readonly string[], stage: UiStage): string[][] {
  return segments.reduce<string[][]>(
    (filled, segment, index) => {
      const before = segments.slice(0, index).join('/');
      const after = segments.slice(index + 1).join('/');
      const values = segment.startsWith(':') ? valuesFor(stage, { before, after }) : [segment];
      return filled.flatMap((parts) => values.map((value) => [...parts, value]));
    },
    [[]],
  );
}

/** `before` and `after` are the rest of the pattern. */
function valuesFor(stage: UiStage, { before, after }: { before: string; after: string }) {
  const {
    applications,
    articles,
    deskTickets,
    imports,
    incidents,
    mails,
    members,
    notices,
    tickets,
  } = stage.named;
  const draft = applications.slice(0, 1);
  const shared = applications.slice(-1);
  switch (before) {
    case 'models':
      return ['VA'];
    case 'applications':
      return after === '' ? [...applications.slice(0, 4), ...shared, NOTHING] : draft;
    case 'applications/import':
      return [...imports];
    case 'organisation/members':
      return [...members];
    case 'applications/:id/pages':
      return ['1', '4'];
    case 'help/articles':
      return [...articles, 'no-such-answer'];
    case 'help/requests':
      return [...tickets, NOTHING];
    case 'admin/click-days':
      return [stage.clickDay];
    case 'admin/click-days/rehearsals':
      return [stage.named.rehearsal, NOTHING];
    case 'admin/mail':
      return [...mails];
    case 'admin/notices':
      return notices.slice(0, 1);
    case 'desk/articles':
      return [...articles];
    case 'desk/incidents':
      return [...incidents];
    case 'desk/tickets':
      return deskTickets.slice(0, 1);
    default:
      return [NOTHING];
  }
}
