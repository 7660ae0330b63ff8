/** The computers the mini-client is built for: their names, and which one this is. */

/** How a build's target is called by people, and how its digest is worked out there. */
export const SYSTEMS = {
  'win-x64': { name: 'Windows', family: 'win' },
  'darwin-arm64': { name: 'macOS (Apple silicon)', family: 'darwin' },
  'darwin-x64': { name: 'macOS (Intel)', family: 'darwin' },
  'linux-x64': { name: 'Linux', family: 'linux' },
  'linux-arm64': { name: 'Linux (arm64)', family: 'linux' },
} as const;
export type SystemName = keyof typeof SYSTEMS;

const DIGEST = { win: 'certutil -hashfile', darwin: 'shasum -a 256', linux: 'sha256sum' } as const;

export function isSystem(target: string): target is SystemName {
  return target in SYSTEMS;
}

/** The command that works out the digest of `file` on a system. */
export function digestCommand(system: SystemName, file: string): string {
  const { family } = SYSTEMS[system];
  return `${DIGEST[family]} ${file}${family === 'win' ? ' SHA256' : ''}`;
}

/** How the program is started on a system, from the folder it lies in. */
export function programOn(system: SystemName, file: string): string {
  return SYSTEMS[system].family === 'win' ? `.\\${file}` : `./${file}`;
}

/**
 * What this browser says it runs on. Browsers do not tell a Mac's processor: newer ones have Apple
 * silicon, and the list offers the other.
 */
export function systemOf(agent: string): SystemName {
  if (/Windows/.test(agent)) return 'win-x64';
  if (/Mac OS X|Macintosh/.test(agent)) return 'darwin-arm64';
  return /aarch64|arm64/.test(agent) ? 'linux-arm64' : 'linux-x64';
}
