/**
 * The checks as the page shows them: those of `check`, with words for what has not begun yet; or,
 * when the person asks for it, those of the self-test, which goes the whole way of the day. With
 * several accounts each is checked; what is well for the computer is said once, for all.
 */
import { check } from '../commands/check.ts';
import type { Work } from '../commands/context.ts';
import { runSelfTest } from '../commands/self-test.ts';
import { type Accounts, emailOf } from './accounts.ts';
import type { Told } from './heard-output.ts';
import { preparedFor } from './preparing.ts';
import type { Both, CheckLine, Light } from './state.ts';
import { pageTexts } from './texts.ts';
import type { Workbench } from './workbench.ts';

/** What is another one's for each account; the rest is the computer's and the network's. */
const OF_ACCOUNT: ReadonlySet<string> = new Set(['session', 'prepared']);

/** Worst first. */
const LIGHTS: readonly Light[] = ['red', 'yellow', 'green'];

export class Checking {
  readonly #bench: Workbench;
  readonly #accounts: Accounts;
  /** The account whose run tells of computer and network; those after it tell what is worse. */
  #ofFirst = '';

  constructor(accounts: Accounts) {
    this.#bench = accounts.root;
    this.#accounts = accounts;
  }

  /** Runs them all, one run at a time. */
  run(): Promise<void> {
    const { clickDay } = this.#bench.model.state;
    const work: Work = (context) => check(context, clickDay === null ? {} : { clickDay });
    return this.#run(work, this.#accounts.allOrRoot, false);
  }

  /** The whole way, with a practice submission to every gate; each line is shown as it comes. */
  runSelfTest(): Promise<void> {
    const accounts = this.#accounts.allOrRoot.filter((one) => this.#accounts.isLoggedIn(one));
    const asked = accounts.length === 0 ? [this.#bench] : accounts;
    return this.#run((context) => runSelfTest(context, {}), asked, true);
  }

  async #run(work: Work, asked: readonly Workbench[], isShownAtOnce: boolean): Promise<void> {
    const { model } = this.#bench;
    if (model.state.checks.isRunning) return;
    model.change({ checks: { ...model.state.checks, isRunning: true } });
    const lines: CheckLine[] = [];
    const verdicts: CheckLine[] = [];
    this.#ofFirst = asked[0]?.name ?? '';
    for (const bench of asked) {
      const add = (line: CheckLine) => {
        this.#show(lines, bench, line);
        if (isShownAtOnce) model.change({ checks: { isRunning: true, lines: [...lines] } });
      };
      const { failure } = await bench.run(work, {
        hear: (told, sentences) => {
          const verdict = verdictOf(told, sentences);
          if (verdict !== undefined) verdicts.push(verdict);
          for (const line of this.#lineOf(bench, told)) add(line);
        },
      });
      if (failure) add({ id: 'check', light: 'red', text: failure.message, whatToDo: '' });
    }
    const verdict = LIGHTS.map((light) => verdicts.find((one) => one.light === light)).find(
      Boolean,
    );
    if (verdict !== undefined) lines.unshift(verdict);
    model.change({ checks: { isRunning: false, lines } });
  }

  /** Behind what other accounts have of the same; what was said of the computer is not repeated. */
  #show(lines: CheckLine[], bench: Workbench, line: CheckLine): void {
    const alike = lines.filter(({ id, light }) => id === line.id && light === line.light);
    const isOwn = OF_ACCOUNT.has(line.id);
    const isOthers = this.#ofFirst !== bench.name;
    if (isOthers && !isOwn && (line.light === 'green' || alike.length > 0)) return;
    const isNamed = (isOwn || isOthers) && !line.text.includes(emailOf(bench));
    const text = isNamed ? this.#accounts.prefix(bench) + line.text : line.text;
    const behind = isOthers ? lines.findLastIndex(({ id }) => id === line.id) : -1;
    lines.splice(behind < 0 ? lines.length : behind + 1, 0, { ...line, text });
  }

  #lineOf(bench: Workbench, told: Told): CheckLine[] {
    if (told.event !== 'check') return [];
    const id = String(told.id ?? told.check);
    const later = this.#notBegun(bench, id);
    if (later !== undefined) return [later];
    const light = String(told.light) as Light;
    const whatToDo = typeof told.whatToDo === 'string' ? told.whatToDo : '';
    return [{ id, light, text: String(told.text), whatToDo }];
  }

  /** What a person has not done yet is no fault. */
  #notBegun(bench: Workbench, id: string): CheckLine | undefined {
    const { portal, language, clickDay } = this.#bench.model.state;
    const line = (text: Both, whatToDo: Both): CheckLine => {
      return { id, light: 'none', text: text[language], whatToDo: whatToDo[language] };
    };
    const { noPortal, noPortalDo, noSession, noSessionDo } = pageTexts;
    if (id === 'portal' && portal === '') return line(noPortal, noPortalDo);
    if (id === 'session' && bench.base.directory.session() === undefined) {
      return line(noSession, noSessionDo);
    }
    const isPrepared = clickDay !== null && preparedFor(bench, clickDay) !== undefined;
    if (id !== 'prepared' || isPrepared) return undefined;
    return line(pageTexts.notPrepared, pageTexts.notPreparedDo);
  }
}

/** What the self-test comes to, in the sentence that the command says. */
function verdictOf(told: Told, sentences: readonly string[]): CheckLine | undefined {
  if (told.event !== 'verdict') return undefined;
  const text = sentences.at(-1) ?? '';
  return { id: 'verdict', light: String(told.light) as Light, text, whatToDo: '' };
}
