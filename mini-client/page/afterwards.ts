/**
 * After the sending, by itself: fetches every receipt as it becomes ready, checks the file against
 * the published keys kept here (nobody is asked), and asks the gates' public logs whether each
 * application stands where its number says. Goes on until all is there or the program ends. Each
 * account for itself: one that has to log in again keeps no other from its receipts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { outcomeOf } from '#protocol/outcomes.ts';
import { readTrustedKeys, type TrustedKeys, verifyReceipt } from '#protocol/receipt/index.ts';
import type { Failure } from '../commands/failure.ts';
import { receipts } from '../commands/receipts.ts';
import { verifyLog } from '../commands/verify-log.ts';
import { growSparingly } from '../node/memory.ts';
import { type Accounts, isSessionOver } from './accounts.ts';
import { logLineOf, mergedLog } from './log-lines.ts';
import type { LogLine, ReceiptLine } from './state.ts';
import { pageTexts } from './texts.ts';
import { sleep, type Workbench } from './workbench.ts';

const RECEIPTS_WAIT_MS = 60_000;
const AGAIN_MS = 10_000;
const LOG_READINGS_MAX = 6;

export class Afterwards {
  readonly #bench: Workbench;
  readonly #accounts: Accounts;
  /** Names of the accounts whose receipts are being fetched. */
  readonly #fetching = new Set<string>();
  #isReading = false;

  constructor(accounts: Accounts) {
    this.#bench = accounts.root;
    this.#accounts = accounts;
  }

  /** Receipts and logs of a click day; one run at a time for each account. */
  async run(clickDay: string): Promise<void> {
    const idle = this.#accounts.all.filter(({ name }) => !this.#fetching.has(name));
    for (const { name } of idle) this.#fetching.add(name);
    growSparingly();
    try {
      await this.showKept();
      await this.#keepKeys(idle);
      await Promise.all([...idle.map((bench) => this.#fetchAll(bench, clickDay)), this.readLogs()]);
    } finally {
      for (const { name } of idle) this.#fetching.delete(name);
    }
  }

  /** Checks the receipts that are on this computer already. */
  async showKept(): Promise<void> {
    const { model } = this.#bench;
    for (const id of model.days.flatMap(({ order }) => order)) {
      const path = this.#accounts.ofApplication(id)?.base.directory.receiptPath(id);
      const isKnown = model.item(id)?.receipt !== undefined;
      if (!isKnown && path !== undefined && existsSync(path)) await this.#show(id);
    }
  }

  async #fetchAll(bench: Workbench, clickDay: string): Promise<void> {
    const signal = bench.base.interrupted;
    this.#tellFetching();
    const shown: Promise<void>[] = [];
    while (!signal.aborted) {
      let pending = 0;
      const { failure } = await bench.run(
        (context) => receipts(context, { clickDay, waitMs: RECEIPTS_WAIT_MS }),
        {
          hear: (told) => {
            if (told.event === 'summary') pending = Number(told.pending);
            if (told.event === 'receipt') shown.push(this.#show(String(told.application)));
          },
        },
      );
      await Promise.all(shown.splice(0));
      if (failure !== undefined) this.#say(bench, failure);
      if (pending === 0 || failure !== undefined) break;
      await sleep(bench.base.timers, AGAIN_MS, signal);
    }
    this.#fetching.delete(bench.name);
    this.#tellFetching();
  }

  #tellFetching(): void {
    const { model } = this.#bench;
    const isFetching = this.#fetching.size > 0;
    model.change({ receipts: { ...model.state.receipts, isFetching } });
  }

  async #show(id: string): Promise<void> {
    const { model } = this.#bench;
    const directory = this.#accounts.ofApplication(id)?.base.directory;
    if (directory === undefined) return;
    const keys = directory.verificationKeys();
    const bytes = readFileSync(directory.receiptPath(id));
    const isNew = model.item(id)?.receipt === undefined;
    model.changeItem(id, { receipt: await judged(id, bytes, keys) });
    if (!isNew) return;
    const { isFetching, kept } = model.state.receipts;
    model.change({ receipts: { isFetching, kept: kept + 1 } });
  }

  /** Kept for the days on which the portal cannot be asked. */
  async #keepKeys(benches: readonly Workbench[]): Promise<void> {
    try {
      const keys = await this.#bench.openPortal()?.verificationKeys();
      if (readTrustedKeys(keys) === undefined) return;
      for (const { base } of benches) base.directory.keepVerificationKeys(keys);
    } catch {
      // Those kept before go on serving; without any, the receipt's line says so.
    }
  }

  /** What the logs cover a little later is asked for again. */
  async readLogs(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const { model, base } = this.#bench;
    for (let reading = 0; reading < LOG_READINGS_MAX && !base.interrupted.aborted; reading += 1) {
      if (reading > 0) await sleep(base.timers, AGAIN_MS, base.interrupted);
      model.change({ log: { ...model.state.log, isReading: true } });
      const lines = mergedLog(await this.#readOnce());
      model.change({ log: { isReading: false, lines } });
      if (lines.length > 0 && lines.every(({ verdict }) => verdict !== 'later')) break;
    }
    this.#isReading = false;
  }

  /** Each account asks for its own entries. */
  async #readOnce(): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    for (const bench of this.#accounts.all) {
      const prefix = this.#accounts.prefix(bench);
      await bench.run(verifyLog, {
        hear: (told, sentences) =>
          lines.push(
            ...logLineOf(
              told,
              sentences.map((sentence) => prefix + sentence),
            ),
          ),
      });
    }
    return lines;
  }

  #say(bench: Workbench, failure: Failure): void {
    const { model } = this.#bench;
    const isOver = isSessionOver(failure);
    if (isOver) this.#accounts.tell(bench, failure);
    const words = isOver ? pageTexts.loginAgain[model.state.language] : failure.message;
    const text = this.#accounts.prefix(bench) + words;
    if (model.state.notice?.isGrave !== true) model.change({ notice: { text, isGrave: false } });
  }
}

/** The verdict on the file of an application's receipt, from it and the keys alone. */
export async function judged(
  application: string,
  bytes: Uint8Array,
  trusted: TrustedKeys | undefined,
): Promise<ReceiptLine> {
  if (trusted === undefined) {
    return { isGenuine: false, code: 'RECEIPT_KEYS_MISSING', text: pageTexts.noReceiptKeys };
  }
  const verdict = await verifyReceipt(bytes, trusted);
  const { genuine: isGenuine, code } = verdict;
  if (verdict.genuine && verdict.facts.application !== application) {
    return { isGenuine: false, code, text: pageTexts.receiptOfAnother };
  }
  const outcome = outcomeOf(code);
  return { isGenuine, code, text: { it: outcome?.it ?? code, en: outcome?.en ?? code } };
}
