/** The table of the faults, for the terminal and for docs/reliability.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Result } from './results.ts';
import { isKept, type Outcome } from './scenario.ts';

const PAGE = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));
const BEGIN = '<!-- table: npm run test:faults -- --write -->';
const END = '<!-- end of the table -->';

const HEADS = [
  'fault',
  'rounds',
  'acknowledged',
  'lost',
  'reordered',
  'doubled',
  'serving again (median, worst)',
  'kept',
];

/** Rows in Markdown. */
export function tableOf(rows: readonly { title: string; outcome: Outcome }[]): string {
  const lines = rows.map(({ title, outcome }) => cellsOf(title, outcome));
  return [HEADS, HEADS.map(() => '---'), ...lines].map(rowOf).join('\n');
}

function rowOf(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cellsOf(title: string, outcome: Outcome): (string | number)[] {
  const { rounds, acknowledged, lost, reordered, doubled, servingAgainMs } = outcome;
  const kept = isKept(outcome) ? 'yes' : '**no**';
  const numbers = [rounds, acknowledged, lost, reordered, doubled];
  return [title, ...numbers.map(grouped), againOf(servingAgainMs), kept];
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}

function againOf(ms: readonly number[]): string {
  if (ms.length === 0) return '—';
  const sorted = [...ms].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return `${grouped(median)} ms, ${grouped(sorted.at(-1)!)} ms`;
}

/** Puts table, notes and conditions of the kept results into the page. */
export function writePage(results: readonly Result[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has no place for it`);
  const text = [BEGIN, '', tableOf(results), '', 'What was seen besides:', '', ...notesOf(results)];
  writeFileSync(PAGE, [before, text.join('\n'), '\n', END, after].join(''));
}

/** The machine's line without what changes from run to run. */
function lasting(machine: string): string {
  const parts = machine.split(' · ').filter((part) => !/fdatasync|^commit /.test(part));
  return parts.join(' · ');
}

function notesOf(results: readonly Result[]): string[] {
  const machines = [...new Set(results.map(({ machine }) => lasting(machine)))];
  const notes = results.map(({ name, day, seed, seconds, outcome }) => {
    const said = [...outcome.notes, ...outcome.failures.map((one) => `NOT KEPT: ${one}`)];
    const run = `${day}, seed ${seed}, ${Math.round(seconds)} s`;
    return `- \`${name}\` (${run})${said.length > 0 ? `: ${said.join('; ')}` : ''}`;
  });
  return [...notes, '', ...machines.map((machine) => `Machine: ${machine}.`), ''];
}
