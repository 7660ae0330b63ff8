/**
 * What a scenario of the benchmark is: a name to ask for it, how it is measured in words, and the
 * measurement, which takes minutes in full and seconds with `isQuick`. All of them are in
 * bench/registry.ts; what they come to is printed and kept by report.ts and results-page.ts.
 */
import type { Figure } from '#bench/figures.ts';
import type { Table } from '#bench/report.ts';

/** Tells what is going on, one line, on standard error. */
export type Say = (text: string) => void;

/** How a scenario is to be played. */
export interface Play {
  /** Small scale: shows that the scenario works, its figures mean little. Installs nothing. */
  readonly isQuick: boolean;
  /** Runs of each server, where the scenario's own number is not wanted. */
  readonly runs: number | undefined;
  readonly say: Say;
}

/** Figures, and what is worth a table beside them. */
export interface Outcome {
  readonly figures: readonly Figure[];
  readonly tables?: readonly Table[];
  /** Programs beside Node that took part, with their versions. */
  readonly versions?: readonly string[];
}

export interface Scenario {
  /** Kebab-case; a part of file names and of the command line. */
  readonly name: string;
  /** Asks for several at once. */
  readonly group: string;
  /** Heading of its section. */
  readonly title: string;
  /** Paragraphs of Markdown: load, warm-up, what is compared, what limits the figures. */
  readonly method: string;
  measure(play: Play): Promise<Outcome>;
}

interface Sizes {
  readonly full: object;
  readonly quick: object;
}

/** A scenario's `measure` from a function of sizes; `--runs` replaces their member `runs`. */
export function sized<S extends object>(
  measure: (sizes: S, say: Say) => Promise<Outcome | Figure[]>,
  sizes: Sizes & { readonly full: S; readonly quick: S },
): Scenario['measure'] {
  return async ({ isQuick, runs, say }) => {
    const chosen = isQuick ? sizes.quick : sizes.full;
    const measured = await measure({ ...chosen, ...(runs !== undefined && { runs }) }, say);
    return Array.isArray(measured) ? { figures: measured } : measured;
  };
}

/**
 * The scenarios that are asked for by name or group, in their order; when nothing is asked, all but
 * those of the group `without`.
 */
export function select(
  scenarios: readonly Scenario[],
  asked: readonly string[],
  without?: string,
): { chosen: Scenario[]; unknown: string[] } {
  const answersTo = (one: Scenario, word: string) => one.name === word || one.group === word;
  const unknown = asked.filter((word) => !scenarios.some((one) => answersTo(one, word)));
  const chosen = scenarios.filter((one) =>
    asked.length === 0 ? one.group !== without : asked.some((word) => answersTo(one, word)),
  );
  return { chosen, unknown };
}
