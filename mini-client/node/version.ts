/** The version of this program: written into the bundle, or that of the sources that run. */
import { readFileSync } from 'node:fs';

declare const __MINI_CLIENT_VERSION__: string | undefined;

export function packageVersion(): string {
  if (typeof __MINI_CLIENT_VERSION__ === 'string') return __MINI_CLIENT_VERSION__;
  const path = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
