/**
 * After the sending, by itself: fetches every receipt as it becomes ready, checks the file against
 * the published keys kept here (nobody is asked), and asks the gates' public logs whether each
 * application stands where its number says. Goes on until all is there or the program ends.
 */
import { existsSync, readFileSync } from 'node:fs';
import { outcomeOf } from '#protocol/outcomes.ts';
import { readTrustedKeys, type TrustedKeys, verifyReceipt } from '#protocol/receipt/index.ts';
import { receipts } from '../commands/receipts.ts';
import { verifyLog } from '../commands/verify-log.ts';
import type { Told } from './heard-output.ts';
import type { LogLine, ReceiptLine } from './state.ts';
import { pageTexts } from './texts.ts';
import { sleep, type Workbench } from './workbench.ts';

const RECEIPTS_WAIT_MS = 60_000;
const AGAIN_MS = 10_000;
const LOG_READINGS_MAX = 6;

export class Afterwards {
  readonly #bench: Workbench;
  #isRunning = false;

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  /** Receipts and log of a click day; one run at a time. */
  async run(clickDay: string): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await this.showKept();
      await this.#keepKeys();
      await Promise.all([this.#fetchAll(clickDay), this.readLogs()]);
    } finally {
      this.#isRunning = false;
    }
  }

  /** Checks the receipts that are on this computer already. */
  async showKept(): Promise<void> {
    const { model, base } = this.#bench;
    for (const id of model.days.flatMap(({ order }) => order)) {
      if (model.item(id)?.receipt === undefined && existsSync(base.directory.receiptPath(id))) {
        await this.#show(id);
      }
    }
  }

  async #fetchAll(clickDay: string): Promise<void> {
    const { model, base } = this.#bench;
    const signal = base.interrupted;
    model.change({ receipts: { ...model.state.receipts, isFetching: true } });
    const shown: Promise<void>[] = [];
    while (!signal.aborted) {
      let pending = 0;
      const { failure } = await this.#bench.run(
        (context) => receipts(context, { clickDay, waitMs: RECEIPTS_WAIT_MS }),
        {
          hear: (told) => {
            if (told.event === 'summary') pending = Number(told.pending);
            if (told.event === 'receipt') shown.push(this.#show(String(told.application)));
          },
        },
      );
      await Promise.all(shown.splice(0));
      if (failure !== undefined) this.#say(failure.code, failure.message);
      if (pending === 0 || failure !== undefined) break;
      await sleep(base.timers, AGAIN_MS, signal);
    }
    model.change({ receipts: { ...model.state.receipts, isFetching: false } });
  }

  async #show(id: string): Promise<void> {
    const { model, base } = this.#bench;
    const keys = base.directory.verificationKeys();
    const bytes = readFileSync(base.directory.receiptPath(id));
    const isNew = model.item(id)?.receipt === undefined;
    model.changeItem(id, { receipt: await judged(id, bytes, keys) });
    if (!isNew) return;
    const { isFetching, kept } = model.state.receipts;
    model.change({ receipts: { isFetching, kept: kept + 1 } });
  }

  /** Kept for the days on which the portal cannot be asked. */
  async #keepKeys(): Promise<void> {
    try {
      const keys = await this.#bench.openPortal()?.verificationKeys();
      if (readTrustedKeys(keys) !== undefined) {
        this.#bench.base.directory.keepVerificationKeys(keys);
      }
    } catch {
      // Those kept before go on serving; without any, the receipt's line says so.
    }
  }

  /** What the logs cover a little later is asked for again. */
  async readLogs(): Promise<void> {
    const { model, base } = this.#bench;
    for (let reading = 0; reading < LOG_READINGS_MAX && !base.interrupted.aborted; reading += 1) {
      if (reading > 0) await sleep(base.timers, AGAIN_MS, base.interrupted);
      const lines: LogLine[] = [];
      model.change({ log: { ...model.state.log, isReading: true } });
      await this.#bench.run(verifyLog, {
        hear: (told, sentences) => lines.push(...logLineOf(told, sentences)),
      });
      model.change({ log: { isReading: false, lines } });
      if (lines.length > 0 && lines.every(({ verdict }) => verdict !== 'later')) return;
    }
  }

  #say(code: string, message: string): void {
    const { model } = this.#bench;
    const text = code === 'notLoggedIn' ? pageTexts.loginAgain[model.state.language] : message;
    model.change({ notice: { text, isGrave: false } });
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

/** A gate's line of what `verify-log` tells. A log that is not read yet is asked for later. */
export function logLineOf(told: Told, sentences: readonly string[]): LogLine[] {
  if (told.event !== 'log' || told.verdict === 'unreachable') return [];
  const [found, early] = [Number(told.found ?? 0), Number(told.early ?? 0)];
  const missing = Array.isArray(told.missing) ? told.missing.length : 0;
  const total = found + early + missing;
  const line = { gate: String(told.gate), found, total, text: sentences.join(' ') };
  if (told.verdict === 'contradicts' || missing > 0) return [{ ...line, verdict: 'unsound' }];
  return [{ ...line, verdict: told.verdict === 'not-read' || early > 0 ? 'later' : 'sound' }];
}
