/**
 * What the page keeps in the mini-client's directory, beside what the commands keep there:
 *
 *   page.json               where the running page is, and a token that opens it once, 0600
 *   page.html               the same as a file for a browser, where lists of processes are public
 *   page-settings.json      the portal and the language that the person chose
 *   armed.json              the click day that is to be sent: a program started again goes on
 *   verification-keys.json  the portal's published keys, to check receipts without it
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import type { ClientDirectory } from '../node/directory.ts';
import { readChecked } from '../node/directory.ts';
import { replaceFile } from '../node/files.ts';

const Address = Type.Object({ address: Type.String() });
const Settings = Type.Object({
  portal: Type.Optional(Type.String()),
  language: Type.Optional(Type.Union([Type.Literal('it'), Type.Literal('en')])),
});
export type Settings = Static<typeof Settings>;
const Armed = Type.Object({
  clickDay: Type.String(),
  /** Names of the accounts that send; absent: all that have prepared the day. */
  accounts: Type.Optional(Type.Array(Type.String())),
});
export type Armed = Static<typeof Armed>;

export class PageFiles {
  readonly #directory: string;

  constructor({ path }: ClientDirectory) {
    this.#directory = path;
  }

  /** The address of the page that runs here, good for opening it once. */
  address(): string | undefined {
    return readChecked(this.#path('page.json'), Address)?.address;
  }

  /** Returns the file to hand to a browser in the place of the address. */
  keepAddress(address: string): string {
    this.#write('page.json', { address });
    const file = this.#path('page.html');
    const refresh = `<meta http-equiv="refresh" content="0;url=${address}">`;
    replaceFile(file, `<!doctype html><title>Clickday</title>${refresh}\n`);
    return file;
  }

  forgetAddress(): void {
    for (const name of ['page.json', 'page.html']) rmSync(this.#path(name), { force: true });
  }

  settings(): Settings {
    return readChecked(this.#path('page-settings.json'), Settings) ?? {};
  }

  keepSettings(settings: Settings): void {
    this.#write('page-settings.json', { ...this.settings(), ...settings });
  }

  armed(): Armed | undefined {
    return readChecked(this.#path('armed.json'), Armed);
  }

  arm(armed: Armed): void {
    this.#write('armed.json', armed);
  }

  disarm(): void {
    rmSync(this.#path('armed.json'), { force: true });
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #write(name: string, value: unknown): void {
    replaceFile(this.#path(name), `${JSON.stringify(value, null, 2)}\n`);
  }
}
