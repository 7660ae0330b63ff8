/**
 * Several accounts in one directory, as an organisation has them: each keeps session, preparation,
 * journal and receipts in a directory of its own, `accounts/<name>`, so that no account can touch
 * what is another's. The directory itself is one more, the only one most people have.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClientDirectory } from './directory.ts';

export interface NamedDirectory {
  /** Undefined: the directory itself. */
  readonly account: string | undefined;
  readonly directory: ClientDirectory;
}

/** What a name may be: it becomes a folder. */
export const ACCOUNT_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,99}$/u;

/** The directory of an account below `path`; made when first written to. */
export function accountDirectory(path: string, account: string | undefined): NamedDirectory {
  const own = account === undefined ? path : join(path, 'accounts', account);
  return { account, directory: new ClientDirectory(own) };
}

/** Every account that logged in or prepared something below `path`, in order of their names. */
export function accountsOf(path: string): NamedDirectory[] {
  return accountFolders(path).filter(({ directory }) => isUsed(directory));
}

/** The same with those whose session and preparations are gone, journal and receipts are not. */
export function accountFolders(path: string): NamedDirectory[] {
  const folder = join(path, 'accounts');
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const names = entries
    .filter((entry) => entry.isDirectory() && ACCOUNT_NAME.test(entry.name))
    .map(({ name }) => name)
    .sort();
  return [undefined, ...names].map((account) => accountDirectory(path, account));
}

/** Whether somebody logged in here or something is prepared. */
export function isUsed(directory: ClientDirectory): boolean {
  return directory.session() !== undefined || directory.prepared().length > 0;
}
