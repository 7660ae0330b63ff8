/**
 * Sending a small form: what is wrong field by field (checked here first, then by the portal),
 * whether it is under way, and the problem when it failed. `attempt` grows with each try so that
 * the error summary takes the focus again.
 */
import { type ApiProblem, asProblem, type Messages } from '../api/problem.ts';
import type { SummaryLine } from '../components/error-summary.svelte';
import type { Language } from '../i18n/dictionary.ts';

/** Finds what is wrong before sending: message by control id, in the language asked for. */
export type LocalChecks = (language: Language) => Readonly<Record<string, string>>;

export class FormSubmission {
  problem = $state.raw<ApiProblem | null>(null);
  busy = $state(false);
  attempt = $state(0);
  #faults = $state.raw<Readonly<Record<string, Messages>>>({});
  readonly #language: () => Language;

  constructor(language: () => Language) {
    this.#language = language;
  }

  /** Message by field name, in the language of the moment. */
  readonly errors: Readonly<Record<string, string>> = $derived.by(() => {
    const language = this.#language();
    const faults = Object.entries(this.#faults);
    return Object.fromEntries(faults.map(([field, messages]) => [field, messages[language]]));
  });

  readonly lines: readonly SummaryLine[] = $derived(
    Object.entries(this.errors).map(([field, text]) => ({ href: `#${field}`, text })),
  );

  /** `submit`, when the portal had no time: it has done nothing, so that sending again is safe. */
  again(submit: () => Promise<void>): (() => void) | undefined {
    return this.problem?.code === 'BUSY' ? () => void submit() : undefined;
  }

  /**
   * Sends when nothing is wrong locally. Field names of the portal must be the ids of the
   * controls. Resolves true when `send` succeeded.
   */
  async run(options: { local: LocalChecks; send: () => Promise<void> }): Promise<boolean> {
    this.attempt += 1;
    this.problem = null;
    this.#faults = inPageOrder(inBothLanguages(options.local));
    if (this.busy || Object.keys(this.#faults).length > 0) return false;
    this.busy = true;
    try {
      await options.send();
      return true;
    } catch (error) {
      this.#show(asProblem(error));
      return false;
    } finally {
      this.busy = false;
    }
  }

  #show(problem: ApiProblem): void {
    const named = problem.errors.filter((each) => document.getElementById(each.field) !== null);
    if (named.length === 0) this.problem = problem;
    this.#faults = inPageOrder(
      Object.fromEntries(named.map((each) => [each.field, each.messages])),
    );
  }
}

function inBothLanguages(checks: LocalChecks): Record<string, Messages> {
  const [it, en] = [checks('it'), checks('en')];
  return Object.fromEntries(
    Object.entries(it).map(([field, text]) => [field, { it: text, en: en[field] ?? text }]),
  );
}

/** As the eye meets them: the portal and the checks name them in an order of their own. */
function inPageOrder(faults: Readonly<Record<string, Messages>>): Record<string, Messages> {
  const placed = Object.entries(faults).map((fault) => ({
    fault,
    control: document.getElementById(fault[0]),
  }));
  placed.sort(({ control: one }, { control: other }) => {
    if (one === null || other === null || one === other) return 0;
    return one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
  });
  return Object.fromEntries(placed.map(({ fault }) => fault));
}
