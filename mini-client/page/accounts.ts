/**
 * The accounts that the page works for. A family has one, in the program's directory itself, and
 * sees nothing of this; an organisation has several, each in a folder of its own
 * (`node/accounts.ts`), so that sessions, preparations, journals and receipts of two never mix.
 */
import type { Failure } from '../commands/failure.ts';
import {
  ACCOUNT_NAME,
  accountDirectory,
  accountFolders,
  isUsed,
  type NamedDirectory,
} from '../node/accounts.ts';
import type { StoredSession } from '../node/directory.ts';
import { pageTexts } from './texts.ts';
import type { Workbench } from './workbench.ts';

const NAME_LENGTH_MAX = 90;

export class Accounts {
  /** The page's own directory, whether or not it is an account's. */
  readonly root: Workbench;
  #all: readonly Workbench[] = [];
  /** By name: what the portal or the sending said last. */
  readonly #troubles = new Map<string, Failure>();

  constructor(root: Workbench) {
    this.root = root;
    this.reload();
  }

  /** Those that are logged in or have prepared something; the directory's own first. */
  get all(): readonly Workbench[] {
    return this.#all;
  }

  /** Where there is none yet, the checks are those of the directory itself. */
  get allOrRoot(): readonly Workbench[] {
    return this.#all.length === 0 ? [this.root] : this.#all;
  }

  get areSeveral(): boolean {
    return this.#all.length > 1;
  }

  of(name: string): Workbench | undefined {
    return this.#all.find((bench) => bench.name === name);
  }

  /** Of the account that an application is of. */
  ofApplication(id: string): Workbench | undefined {
    const account = this.root.model.item(id)?.account;
    return account === undefined ? undefined : this.of(account);
  }

  isLoggedIn(bench: Workbench): boolean {
    return bench.base.directory.session() !== undefined && !this.#isOver(bench);
  }

  /** Whose it is, in front of a sentence; nothing where there is but one. */
  prefix(bench: Workbench): string {
    return this.areSeveral ? `${emailOf(bench)}: ` : '';
  }

  /** What a failure means to somebody at the page. */
  words(failure: Failure | undefined): string {
    if (failure === undefined) return '';
    const { language } = this.root.model.state;
    return isSessionOver(failure) ? pageTexts.sessionOver[language] : failure.message;
  }

  /** Keeps a session where its account belongs, and tells it. */
  keep(session: StoredSession): Workbench {
    const { account, directory } = this.#placeOf(session.email);
    directory.keepOwner(session.email);
    directory.keepSession(session);
    this.#troubles.delete(account ?? '');
    this.reload();
    return this.of(account ?? '') ?? this.root;
  }

  /** `failure` undefined: it went well. A session that is over is one to log in anew. */
  tell(bench: Workbench, failure: Failure | undefined): void {
    if (failure === undefined) this.#troubles.delete(bench.name);
    else this.#troubles.set(bench.name, failure);
    this.show();
  }

  /** Reads anew which there are: one came or went, perhaps by the command line. */
  reload(): void {
    const before = new Map(this.#all.map((bench) => [bench.name, bench]));
    const used = this.#folders().filter(({ directory }) => isUsed(directory));
    this.#all = used.map((named) => before.get(named.account ?? '') ?? this.root.forAccount(named));
    this.show();
  }

  show(): void {
    const accounts = this.#all.map((bench) => ({
      ...{ name: bench.name, email: emailOf(bench), isLoggedIn: this.isLoggedIn(bench) },
      trouble: this.words(this.#troubles.get(bench.name)),
    }));
    this.root.model.change({ accounts });
  }

  #isOver({ name }: Workbench): boolean {
    return isSessionOver(this.#troubles.get(name));
  }

  #folders(): NamedDirectory[] {
    return accountFolders(this.root.base.directory.path);
  }

  /** Its own folder of an earlier time; the directory itself for the first; else a new one. */
  #placeOf(email: string): NamedDirectory {
    const folders = this.#folders();
    const own = folders.find(({ directory }) => isSame(directory.owner(), email));
    if (own !== undefined) return own;
    const { path } = this.root.base.directory;
    const root = accountDirectory(path, undefined);
    if (this.#all.length === 0 && root.directory.owner() === undefined) return root;
    return accountDirectory(path, nameFor(email, new Set(folders.map(({ account }) => account))));
  }
}

/** Whether only logging in again helps. */
export function isSessionOver(failure: Failure | undefined): boolean {
  return failure?.code === 'UNAUTHENTICATED' || failure?.code === 'notLoggedIn';
}

export function emailOf({ base, name }: Workbench): string {
  return base.directory.owner() ?? name;
}

/** A name of a folder that nobody has, as like the address as folders allow. */
export function nameFor(email: string, taken: ReadonlySet<string | undefined>): string {
  const plain = email.toLowerCase().replace(/[^\p{L}\p{N}._@+-]/gu, '-');
  const name = (ACCOUNT_NAME.test(plain) ? plain : `a${plain}`).slice(0, NAME_LENGTH_MAX);
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
