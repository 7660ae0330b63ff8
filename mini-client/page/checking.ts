/**
 * The checks as the page shows them: those of `check`, with words for what has not begun yet; or,
 * when the person asks for it, those of the self-test, which goes the whole way of the day.
 */
import { check } from '../commands/check.ts';
import type { Work } from '../commands/context.ts';
import { runSelfTest } from '../commands/self-test.ts';
import type { Told } from './heard-output.ts';
import type { Both, CheckLine, Light } from './state.ts';
import { pageTexts } from './texts.ts';
import type { Workbench } from './workbench.ts';

export class Checking {
  readonly #bench: Workbench;

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  /** Runs them all, one run at a time. */
  run(): Promise<void> {
    const { clickDay } = this.#bench.model.state;
    return this.#run((context) => check(context, clickDay === null ? {} : { clickDay }));
  }

  /** The whole way, with a practice submission to every gate. */
  runSelfTest(): Promise<void> {
    return this.#run((context) => runSelfTest(context, {}));
  }

  async #run(work: Work): Promise<void> {
    const { model } = this.#bench;
    if (model.state.checks.isRunning) return;
    model.change({ checks: { ...model.state.checks, isRunning: true } });
    const lines: CheckLine[] = [];
    const { failure } = await this.#bench.run(work, {
      hear: (told) => lines.push(...this.#lineOf(told)),
    });
    if (failure) {
      lines.push({ id: 'check', light: 'red', text: failure.message, whatToDo: '' });
    }
    model.change({ checks: { isRunning: false, lines } });
  }

  #lineOf(told: Told): CheckLine[] {
    if (told.event !== 'check') return [];
    const id = String(told.id ?? told.check);
    const later = this.#notBegun(id);
    if (later !== undefined) return [later];
    const light = String(told.light) as Light;
    const whatToDo = typeof told.whatToDo === 'string' ? told.whatToDo : '';
    return [{ id, light, text: String(told.text), whatToDo }];
  }

  /** What a person has not done yet is no fault. */
  #notBegun(id: string): CheckLine | undefined {
    const { base, model } = this.#bench;
    const { portal, language, clickDay } = model.state;
    const line = (text: Both, whatToDo: Both): CheckLine => {
      return { id, light: 'none', text: text[language], whatToDo: whatToDo[language] };
    };
    const { noPortal, noPortalDo, noSession, noSessionDo } = pageTexts;
    if (id === 'portal' && portal === '') return line(noPortal, noPortalDo);
    if (id === 'session' && base.directory.session() === undefined) {
      return line(noSession, noSessionDo);
    }
    const isPrepared = base.directory.prepared().some((one) => one.clickDay.id === clickDay);
    if (id !== 'prepared' || isPrepared) return undefined;
    return line(pageTexts.notPrepared, pageTexts.notPreparedDo);
  }
}
