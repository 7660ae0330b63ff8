/**
 * From "get ready to send" to the last outcome, without anybody: prepare, wait, send, and on to the
 * receipts. What is to be sent is written down first (`armed.json`), so that a program started
 * again after a crash or a reboot goes on by itself; the journal says from where.
 */
import type { Failure } from '../commands/failure.ts';
import { prepare } from '../commands/prepare.ts';
import { send } from '../commands/send.ts';
import type { AcceptedOutcome, SenderEvent } from '../core/index.ts';
import { texts } from '../texts.ts';
import { acceptedLine, rejectedLine } from './listing.ts';
import type { Line, PageState } from './state.ts';
import { pageTexts } from './texts.ts';
import type { Workbench } from './workbench.ts';

type Counts = PageState['counts'];

export class Sending {
  readonly #bench: Workbench;
  /** Called when every application has an outcome. */
  readonly #onDone: (clickDay: string) => void;
  #run: AbortController | undefined;

  constructor(bench: Workbench, onDone: (clickDay: string) => void) {
    this.#bench = bench;
    this.#onDone = onDone;
    bench.base.interrupted.addEventListener('abort', () => this.#run?.abort());
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Prepares and begins. Returns when waiting has begun, or with what stood in the way. */
  async ready(clickDay: string): Promise<Failure | undefined> {
    if (this.isRunning) return undefined;
    const { model, files, base } = this.#bench;
    const run = new AbortController();
    this.#run = run;
    model.change({ phase: 'preparing', clickDay, notice: null });
    const { failure } = await this.#bench.run((context) => prepare(context, { clickDay }));
    const isKept = base.directory.prepared().some((one) => one.clickDay.id === clickDay);
    if (failure !== undefined && !(isKept && isAway(failure))) {
      this.#run = undefined;
      model.change({ phase: 'choose' });
      return failure;
    }
    if (failure !== undefined) this.#tell(pageTexts.oldPreparation[model.state.language]);
    files.arm(clickDay);
    void this.#send(clickDay, run);
    return undefined;
  }

  /** Goes on with what an earlier run of the program was to send. */
  resume(clickDay: string): void {
    if (this.isRunning) return;
    const run = new AbortController();
    this.#run = run;
    void this.#send(clickDay, run);
  }

  /** Back to the list: nothing is lost, what was accepted stays accepted. */
  stop(): void {
    this.#run?.abort();
  }

  async #send(clickDay: string, run: AbortController): Promise<void> {
    const { model, files, base } = this.#bench;
    this.#begin(clickDay);
    const { failure } = await this.#bench.run(
      (context) => send(context, { clickDay, onEvent: (event) => this.#hear(event) }),
      { interrupted: run.signal },
    );
    this.#run = undefined;
    model.change({ connection: { gate: '', isUp: false }, hold: null });
    if (base.interrupted.aborted) return; // armed still: the next start goes on
    files.disarm();
    if (failure !== undefined) this.#tell(failure.message);
    if (failure !== undefined || run.signal.aborted) {
      model.change({ phase: 'choose' });
      return;
    }
    model.change({ phase: 'after' });
    this.#onDone(clickDay);
  }

  #begin(clickDay: string): void {
    const { model, base } = this.#bench;
    const prepared = base.directory.prepared().find((one) => one.clickDay.id === clickDay);
    const applications = prepared?.applications ?? [];
    for (const { id } of applications) model.changeLine(id, { kind: 'ready' });
    const counts = { chosen: applications.length, sent: 0, accepted: 0, rejected: 0 };
    model.change({ phase: 'waiting', clickDay, counts, hold: null });
  }

  // ── What the sender tells ───────────────────────────────────────────────────────────────────

  #hear(event: SenderEvent): void {
    const { model, time } = this.#bench;
    switch (event.event) {
      case 'clock':
        time.heard(event);
        break;
      case 'connected':
        model.change({ connection: { gate: event.name, isUp: true } });
        break;
      case 'disconnected':
        model.change({ connection: { gate: event.gate, isUp: false } });
        break;
      case 'opening':
        model.change({ opensAtUs: event.opensAtUs, isSuspended: event.isSuspended });
        break;
      case 'sent':
        this.#outcome(event.application, { kind: 'sent' }, { sent: 1 });
        break;
      case 'waiting':
        this.#wait(event);
        break;
      case 'accepted':
        this.#accepted(event);
        break;
      case 'rejected':
        this.#outcome(event.application, rejectedLine(event), { rejected: 1 });
        break;
      case 'journal-failed':
        this.#tell(
          texts.journalFailed[model.state.language].replace('{reason}', event.reason),
          true,
        );
        break;
      case 'gate-error':
        this.#tell(`${event.code}: ${event.message}`);
        break;
      case 'connecting':
        break;
    }
  }

  #accepted({ application, message, isJournaled, isResumed }: AcceptedOutcome): void {
    this.#outcome(application, acceptedLine(message, isJournaled), { accepted: 1 }, isResumed);
  }

  #wait({ application, code, waitMs }: Extract<SenderEvent, { event: 'waiting' }>): void {
    const hold = { code, seconds: Math.ceil(waitMs / 1000) };
    if (application !== undefined)
      this.#bench.model.changeLine(application, { kind: 'held', ...hold });
    this.#bench.model.change({ hold });
  }

  /** `isOld`: told again of an earlier run, nothing has left now. */
  #outcome(application: string, line: Line, more: Partial<Counts>, isOld = false): void {
    const { model } = this.#bench;
    const { counts, phase } = model.state;
    const { sent = 0, accepted = 0, rejected = 0 } = more;
    model.changeLine(application, line);
    model.change({
      phase: phase === 'waiting' && !isOld ? 'sending' : phase,
      hold: null,
      counts: {
        chosen: counts.chosen,
        sent: counts.sent + sent,
        accepted: counts.accepted + accepted,
        rejected: counts.rejected + rejected,
      },
    });
  }

  /** What is grave is not written over by what is not. */
  #tell(text: string, isGrave = false): void {
    const { model } = this.#bench;
    if (isGrave || model.state.notice?.isGrave !== true)
      model.change({ notice: { text, isGrave } });
  }
}

/** The portal, not the request, is what is wrong. */
function isAway({ code }: Failure): boolean {
  return code === 'PORTAL_UNREACHABLE' || code === 'BUSY' || /^HTTP_5/.test(code);
}
