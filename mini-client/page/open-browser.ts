/**
 * Opens an address in the person's browser. Where the words of every process are public and the
 * system has no table of connections to check (macOS), the browser is given a file that holds the
 * address and that only its owner can read.
 */
import { spawn } from 'node:child_process';

export interface Opening {
  readonly address: string;
  /** A page of the disk that leads to the address. */
  readonly file: string;
}

/** The program and its words; undefined where there is no screen to open anything on. */
export function openingCommand(
  platform: string,
  environment: Readonly<Record<string, string | undefined>>,
  { address, file }: Opening,
): readonly [string, ...string[]] | undefined {
  if (platform === 'darwin') return ['open', file];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address];
  const hasScreen = Boolean(environment.DISPLAY) || Boolean(environment.WAYLAND_DISPLAY);
  return hasScreen ? ['xdg-open', address] : undefined;
}

/** Starts it and does not wait; false when there is nothing to start. */
export function openBrowser(
  environment: Readonly<Record<string, string | undefined>>,
  opening: Opening,
): boolean {
  const command = openingCommand(process.platform, environment, opening);
  if (command === undefined) return false;
  const [program, ...words] = command;
  const child = spawn(program, words, { detached: true, stdio: 'ignore' });
  // The address is printed as well: whoever has no such program opens it by hand.
  child.on('error', () => undefined);
  child.unref();
  return true;
}
