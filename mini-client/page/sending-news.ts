/** What the senders tell, put into what the page shows: one day, over all accounts. */
import type { AcceptedOutcome, SenderEvent } from '../core/index.ts';
import { texts } from '../texts.ts';
import type { Accounts } from './accounts.ts';
import { acceptedLine, rejectedLine } from './listing.ts';
import { preparedFor } from './preparing.ts';
import type { Line, PageState } from './state.ts';
import type { Workbench } from './workbench.ts';

type Counts = PageState['counts'];
type Connection = PageState['connection'];

const NO_CONNECTION: Connection = { gate: '', isUp: false, up: 0, of: 0 };

export class SendingNews {
  readonly #bench: Workbench;
  readonly #accounts: Accounts;
  /** By account; one that has not connected yet is not in it. */
  readonly #connections = new Map<string, { readonly gate: string; readonly isUp: boolean }>();
  #of = 0;

  constructor(accounts: Accounts) {
    this.#bench = accounts.root;
    this.#accounts = accounts;
  }

  begin(clickDay: string, benches: readonly Workbench[]): void {
    const { model } = this.#bench;
    const ids = benches.flatMap(
      (bench) => preparedFor(bench, clickDay)?.applications.map(({ id }) => id) ?? [],
    );
    for (const id of ids) model.changeLine(id, { kind: 'ready' });
    this.#connections.clear();
    this.#of = benches.length;
    const counts = { chosen: ids.length, sent: 0, accepted: 0, rejected: 0 };
    const connection = { ...NO_CONNECTION, of: this.#of };
    model.change({ phase: 'waiting', clickDay, counts, connection, hold: null });
  }

  end(): void {
    this.#bench.model.change({ connection: NO_CONNECTION, hold: null });
  }

  /** What hears the sender of an account. */
  hearer(bench: Workbench): (event: SenderEvent) => void {
    return (event) => this.#hear(event, bench);
  }

  /** What is not grave writes over nothing that is; what several accounts say stands together. */
  say(text: string, isGrave = false): void {
    const { model } = this.#bench;
    const before = model.state.notice;
    if (before?.isGrave === true && !isGrave) return;
    const isMore = this.#accounts.areSeveral && before !== null && before.isGrave === isGrave;
    const isSaid = before?.text.includes(text) === true;
    if (!isSaid)
      model.change({ notice: { text: isMore ? `${before.text} ${text}` : text, isGrave } });
  }

  #hear(event: SenderEvent, bench: Workbench): void {
    const { model, time } = this.#bench;
    switch (event.event) {
      case 'clock':
        time.heard(event);
        break;
      case 'connected':
        this.#connect(bench, { gate: event.name, isUp: true });
        break;
      case 'disconnected':
        this.#connect(bench, { gate: event.gate, isUp: false });
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
      case 'journal-failed': {
        const words = texts.journalFailed[model.state.language];
        this.say(this.#accounts.prefix(bench) + words.replace('{reason}', event.reason), true);
        break;
      }
      case 'gate-error':
        this.say(`${this.#accounts.prefix(bench)}${event.code}: ${event.message}`);
        break;
      case 'connecting':
        break;
    }
  }

  #connect({ name }: Workbench, connection: { gate: string; isUp: boolean }): void {
    this.#connections.set(name, connection);
    const all = [...this.#connections.values()];
    const up = all.filter(({ isUp }) => isUp).length;
    const lost = all.find(({ isUp }) => !isUp);
    const isUp = up === this.#of;
    const gate = isUp ? connection.gate : (lost?.gate ?? '');
    this.#bench.model.change({ connection: { gate, isUp, up, of: this.#of } });
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
}
