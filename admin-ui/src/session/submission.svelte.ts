/**
 * Sending a small form: what is wrong field by field (checked here first, then by the portal),
 * whether it is under way, and the problem when it failed. `attempt` grows with each try so that
 * the error summary takes the focus again.
 */
import { type ApiProblem, asProblem } from '../api/problem.ts';
import type { SummaryLine } from '../components/error-summary.svelte';
import type { Language } from '../i18n/dictionary.ts';

export class FormSubmission {
  /** Message by field name, in the language of the moment of sending. */
  errors = $state.raw<Readonly<Record<string, string>>>({});
  problem = $state.raw<ApiProblem | null>(null);
  busy = $state(false);
  attempt = $state(0);

  readonly lines: readonly SummaryLine[] = $derived(
    Object.entries(this.errors).map(([field, text]) => ({ href: `#${field}`, text })),
  );

  /**
   * Sends when nothing is wrong locally. Field names of the portal must be the ids of the
   * controls. Resolves true when `send` succeeded.
   */
  async run(options: {
    local: Readonly<Record<string, string>>;
    language: Language;
    send: () => Promise<void>;
  }): Promise<boolean> {
    this.attempt += 1;
    this.problem = null;
    this.errors = options.local;
    if (this.busy || Object.keys(options.local).length > 0) return false;
    this.busy = true;
    try {
      await options.send();
      return true;
    } catch (error) {
      this.#show(asProblem(error), options.language);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #show(problem: ApiProblem, language: Language): void {
    const named = problem.errors.filter((each) => document.getElementById(each.field) !== null);
    if (named.length === 0) this.problem = problem;
    this.errors = Object.fromEntries(named.map((each) => [each.field, each.messages[language]]));
  }
}
