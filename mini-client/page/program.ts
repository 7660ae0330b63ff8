/**
 * The program behind the local page: its parts put together, and what they do to one another.
 * Everything a person can make it do is a method here or of a part; the page's server only carries
 * it. It runs on without any page.
 */
import { basename } from 'node:path';
import type { Language } from '#protocol/portal-api.ts';
import type { CommandContext } from '../commands/context.ts';
import type { Failure } from '../commands/failure.ts';
import { accountsOf } from '../node/accounts.ts';
import type { Choice } from '../node/directory.ts';
import { AccountDesk } from './account.ts';
import { Accounts } from './accounts.ts';
import { Afterwards } from './afterwards.ts';
import { Checking } from './checking.ts';
import { Listing } from './listing.ts';
import { PageModel } from './model.ts';
import { type OwnBuild, otherBuild, updateOf } from './news.ts';
import { OfficialTime } from './official-time.ts';
import { PageFiles } from './page-files.ts';
import { ReceiptTickets } from './receipt-tickets.ts';
import { Sending } from './sending.ts';
import type { PageState } from './state.ts';
import { SummaryFiles } from './summary-file.ts';
import { sleep, Workbench } from './workbench.ts';

/** How often the portal's clock and the builds are asked for while no gate is there. */
const LOOK_MS = 30_000;
const LOOKS_BETWEEN_NEWS = 120;

export class PageProgram {
  readonly model: PageModel;
  readonly time: OfficialTime;
  readonly account: AccountDesk;
  readonly checking: Checking;
  readonly tickets: ReceiptTickets;
  readonly #bench: Workbench;
  readonly #accounts: Accounts;
  readonly #listing: Listing;
  readonly #sending: Sending;
  readonly #afterwards: Afterwards;
  readonly #summaries: SummaryFiles;
  readonly #own: () => Promise<OwnBuild>;
  readonly #quit: () => void;

  /** `quit` is what ends the program when the person says so. */
  constructor(options: {
    readonly context: CommandContext;
    readonly version: string;
    /** Called when there is something to compare with. */
    readonly own: () => Promise<OwnBuild>;
    readonly quit: () => void;
  }) {
    const { context: base, version } = options;
    const files = new PageFiles(base.directory);
    this.model = new PageModel(startState(base, files, version), base.timers);
    this.time = new OfficialTime(base.clock);
    this.tickets = new ReceiptTickets(base.clock);
    this.#bench = new Workbench({ base, model: this.model, files, time: this.time });
    this.#accounts = new Accounts(this.#bench);
    this.account = new AccountDesk(this.#accounts, () => void this.#loggedIn());
    this.checking = new Checking(this.#accounts);
    this.#listing = new Listing(this.#accounts);
    this.#afterwards = new Afterwards(this.#accounts);
    this.#sending = new Sending(this.#accounts, (day) => void this.#afterwards.run(day));
    this.#summaries = new SummaryFiles(this.#accounts);
    this.#own = options.own;
    this.#quit = options.quit;
  }

  /** Shows what the directory knows, goes on with what was begun, then asks the portal. */
  start(): void {
    this.#listing.showPrepared();
    const armed = this.#bench.files.armed();
    if (armed === undefined || !this.#sending.resume(armed)) this.#afterSentBefore();
    void this.#look();
    void this.#askPortal();
  }

  /** The list, fresh; the failure when the portal gives none. */
  async refresh(): Promise<Failure | undefined> {
    if (this.#sending.isRunning) return undefined;
    const failure = await this.#listing.refresh();
    if (failure !== undefined && !this.#sending.isRunning) {
      this.model.change({ notice: { text: this.#accounts.words(failure), isGrave: false } });
    }
    void this.checking.run();
    return failure;
  }

  /** Where nothing is under way the account is removed; its journal and receipts stay on disk. */
  async logOut(name: string): Promise<void> {
    const isIdle = this.model.state.phase === 'choose' || this.#accounts.areSeveral;
    const isForgotten = isIdle && !this.#sending.isRunning;
    await this.account.logOut(name, isForgotten);
    if (isForgotten) this.#listing.showAgain();
    void this.checking.run();
  }

  async choose(clickDay: string): Promise<void> {
    if (this.#sending.isRunning) return;
    this.model.change({ phase: 'choose' });
    this.#listing.choose(clickDay);
    await this.#listing.prepareDue();
    void this.checking.run();
  }

  /** Not while it is being sent. */
  keepChoice(clickDay: string, choice: Choice): void {
    if (!this.#sending.isRunning) this.#listing.keepChoice(clickDay, choice);
  }

  async ready(clickDay: string): Promise<Failure | undefined> {
    const failure = await this.#sending.ready(clickDay);
    if (failure === undefined) void this.checking.run();
    return failure;
  }

  /** From waiting or from the end back to the list. */
  back(): void {
    if (this.#sending.isRunning) this.#sending.stop();
    else {
      this.model.change({ phase: 'choose' });
      void this.refresh();
    }
  }

  speak(language: Language): void {
    this.#bench.files.keepSettings({ language });
    this.model.change({ language });
    if (this.model.state.checks.lines.length > 0) void this.checking.run();
  }

  receiptAddress(application: string): string | undefined {
    const directory = this.#accounts.ofApplication(application)?.base.directory;
    return directory && this.#addressOf(directory.receiptPath(application));
  }

  /** Not while something is sent: nothing else has to be done then. */
  async summaryAddress(format: 'csv' | 'pdf'): Promise<string | undefined> {
    if (this.#sending.isRunning) return undefined;
    const path = await this.#summaries.make(format);
    return path === undefined ? undefined : this.#addressOf(path);
  }

  /** Ends the program. What waits to be sent goes on at the next start. */
  stop(): void {
    this.#quit();
  }

  #addressOf(path: string): string | undefined {
    const ticket = this.tickets.issue(path);
    return ticket === undefined ? undefined : `/file/${ticket}/${basename(path)}`;
  }

  async #askPortal(): Promise<void> {
    if (
      this.model.state.accounts.some(({ isLoggedIn }) => isLoggedIn) &&
      !this.#sending.isRunning
    ) {
      const failure = await this.refresh();
      if (failure === undefined) this.#afterSentBefore();
    } else await this.checking.run();
  }

  async #loggedIn(): Promise<void> {
    void this.#askTime();
    const { phase, clickDay } = this.model.state;
    // One more account may have more to send.
    if (phase === 'after' && this.#accounts.areSeveral) this.model.change({ phase: 'choose' });
    if (this.model.state.phase === 'after' && clickDay !== null) {
      void this.#afterwards.run(clickDay);
    } else if (await this.refresh()) return;
    this.#afterSentBefore();
    void this.#news();
  }

  /** A day that an earlier run has sent whole: on to its receipts; back, when there is more. */
  #afterSentBefore(): void {
    const { clickDay, phase } = this.model.state;
    const day = this.model.days.find(({ id }) => id === clickDay);
    const items = (day?.order ?? []).flatMap((id) => this.model.item(id) ?? []);
    const accepted = items.filter(({ line }) => line.kind === 'accepted').length;
    const isOpen = items.some(({ line }) => line.kind === 'ready');
    const isThere = phase === 'choose' || phase === 'after';
    if (!isThere || clickDay === null) return;
    if (accepted === 0 || isOpen) {
      if (phase === 'after') this.model.change({ phase: 'choose' });
      return;
    }
    const rejected = items.filter(({ line }) => line.kind === 'rejected').length;
    const counts = { chosen: accepted + rejected, sent: accepted + rejected, accepted, rejected };
    this.model.change({ phase: 'after', counts });
    void this.#afterwards.run(clickDay);
  }

  /** Official time of the portal while no gate gives its own; news of this program now and then. */
  async #look(): Promise<void> {
    const { base } = this.#bench;
    for (let looks = 0; !base.interrupted.aborted; looks += 1) {
      await this.#askTime();
      if (looks % LOOKS_BETWEEN_NEWS === 0) void this.#news();
      await sleep(base.timers, LOOK_MS, base.interrupted);
    }
  }

  async #askTime(): Promise<void> {
    const portal = this.#bench.openPortal();
    if (portal === undefined || this.#sending.isRunning) return;
    // A portal that does not answer is told by the checks.
    await this.time.ask(portal).catch(() => undefined);
  }

  async #news(): Promise<void> {
    const downloads = await this.#bench
      .openPortal()
      ?.downloads()
      .catch(() => undefined);
    if (downloads === undefined || downloads.length === 0) return;
    const version = otherBuild(await this.#own(), downloads);
    this.model.change({ update: updateOf(version, this.model.days, this.#bench.nowUs()) });
  }
}

function startState(base: CommandContext, files: PageFiles, version: string): PageState {
  const known = accountsOf(base.directory.path).map(({ directory }) => directory);
  const session = known.map((directory) => directory.session()).find((one) => one !== undefined);
  const [prepared] = known.flatMap((directory) => directory.prepared());
  const settings = files.settings();
  const portal = session?.portal ?? base.portalUrl ?? settings.portal ?? prepared?.portal ?? '';
  return {
    language: settings.language ?? base.language,
    program: { version, directory: base.directory.path },
    portal,
    ...{
      accounts: [],
      device: null,
      isListing: false,
      phase: 'choose',
      clickDay: null,
      opensAtUs: null,
    },
    ...{ isSuspended: false, hold: null, notice: null, update: null },
    checks: { isRunning: false, lines: [] },
    connection: { gate: '', isUp: false, up: 0, of: 0 },
    counts: { chosen: 0, sent: 0, accepted: 0, rejected: 0 },
    receipts: { isFetching: false, kept: 0 },
    log: { isReading: false, lines: [] },
  };
}
