/**
 * From "get ready to send" to the last outcome, without anybody: prepare, wait, send, and on to the
 * receipts. Each account sends by itself, with a connection of its own, all at the same time. What
 * is to be sent is written down first (`armed.json`), so that a program started again after a crash
 * or a reboot goes on by itself; the journals say from where.
 */
import type { Failure } from '../commands/failure.ts';
import { send } from '../commands/send.ts';
import { createGateClocks } from '../core/index.ts';
import { growFreely } from '../node/memory.ts';
import { type Accounts, isSessionOver } from './accounts.ts';
import type { Armed } from './page-files.ts';
import { type Preparation, prepareAll, preparedFor } from './preparing.ts';
import { SendingNews } from './sending-news.ts';
import { pageTexts } from './texts.ts';
import type { Workbench } from './workbench.ts';

export class Sending {
  readonly #bench: Workbench;
  readonly #accounts: Accounts;
  readonly #news: SendingNews;
  /** Called when every application has an outcome. */
  readonly #onDone: (clickDay: string) => void;
  #run: AbortController | undefined;

  constructor(accounts: Accounts, onDone: (clickDay: string) => void) {
    this.#bench = accounts.root;
    this.#accounts = accounts;
    this.#news = new SendingNews(accounts);
    this.#onDone = onDone;
    this.#bench.base.interrupted.addEventListener('abort', () => this.#run?.abort());
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Prepares and begins. Returns when waiting has begun, or with what stood in the way. */
  async ready(clickDay: string): Promise<Failure | undefined> {
    if (this.isRunning) return undefined;
    const { model, files } = this.#bench;
    const run = new AbortController();
    this.#run = run;
    model.change({ phase: 'preparing', clickDay, notice: null });
    const preparations = await prepareAll(this.#accounts, clickDay);
    for (const one of preparations) {
      this.#accounts.tell(one.bench, isTrouble(one) ? one.failure : undefined);
    }
    const benches = preparations.filter((one) => this.#canSend(one)).map(({ bench }) => bench);
    if (benches.length === 0) {
      this.#run = undefined;
      model.change({ phase: 'choose' });
      return this.#reason(preparations.find(isTrouble) ?? preparations[0]);
    }
    for (const one of preparations) this.#tellPrepared(one);
    files.arm({ clickDay, accounts: benches.map(({ name }) => name) });
    void this.#send(clickDay, benches, run);
    return undefined;
  }

  /** Goes on with what an earlier run of the program was to send; false: nothing is prepared. */
  resume({ clickDay, accounts }: Armed): boolean {
    const benches = this.#accounts.all.filter(
      (bench) =>
        preparedFor(bench, clickDay) !== undefined && accounts?.includes(bench.name) !== false,
    );
    if (this.isRunning || benches.length === 0) return this.isRunning;
    const run = new AbortController();
    this.#run = run;
    void this.#send(clickDay, benches, run);
    return true;
  }

  /** Back to the list: nothing is lost, what was accepted stays accepted. */
  stop(): void {
    this.#run?.abort();
  }

  /**
   * Fresh, or as prepared before while the portal is away; beside other accounts also while its
   * session is over, for the passbooks are proof enough and nobody may be there to log in.
   */
  #canSend({ prepared, failure }: Preparation): boolean {
    if (failure === undefined) return true;
    if (prepared === undefined) return false;
    return isAway(failure) || (this.#accounts.areSeveral && isSessionOver(failure));
  }

  /** An account with nothing to send that day is no trouble. */
  #tellPrepared(preparation: Preparation): void {
    const { bench, failure } = preparation;
    if (failure === undefined || !isTrouble(preparation)) return;
    const { language } = this.#bench.model.state;
    const isSent = this.#canSend(preparation);
    if (isSent && isAway(failure)) this.#news.say(pageTexts.oldPreparation[language]);
    else {
      const rest = isSent ? pageTexts.asPrepared[language] : pageTexts.notSent[language];
      this.#news.say(`${this.#accounts.prefix(bench)}${this.#accounts.words(failure)} ${rest}`);
    }
  }

  #reason(preparation: Preparation | undefined): Failure | undefined {
    const failure = preparation?.failure;
    return failure && { ...failure, message: this.#accounts.words(failure) };
  }

  async #send(
    clickDay: string,
    benches: readonly Workbench[],
    run: AbortController,
  ): Promise<void> {
    growFreely();
    const { model, files, base } = this.#bench;
    this.#news.begin(clickDay, benches);
    const gateClocks = createGateClocks();
    const failures = await Promise.all(
      benches.map(async (bench) => {
        const onEvent = this.#news.hearer(bench);
        const { failure } = await bench.run(
          (context) => send(context, { clickDay, gateClocks, isSilentOnTime: true, onEvent }),
          { interrupted: run.signal },
        );
        if (failure === undefined) return undefined;
        this.#accounts.tell(bench, failure);
        this.#news.say(`${this.#accounts.prefix(bench)}${failure.message}`);
        return failure;
      }),
    );
    this.#run = undefined;
    this.#news.end();
    if (base.interrupted.aborted) return; // armed still: the next start goes on
    files.disarm();
    if (run.signal.aborted || failures.every((failure) => failure !== undefined)) {
      model.change({ phase: 'choose' });
      return;
    }
    model.change({ phase: 'after' });
    this.#onDone(clickDay);
  }
}

function isTrouble({ failure }: Preparation): boolean {
  return failure !== undefined && failure.code !== 'nothingReady';
}

/** The portal, not the request, is what is wrong. */
function isAway({ code }: Failure): boolean {
  return code === 'PORTAL_UNREACHABLE' || code === 'BUSY' || /^HTTP_5/.test(code);
}
