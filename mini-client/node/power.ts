/**
 * Whether the computer is plugged in, and when it goes to sleep by itself: as far as each system
 * tells. What cannot be read is `unknown`, never a guess.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PowerFacts } from '../self-test/index.ts';

const COMMAND_MS_MAX = 8_000;
const SUPPLIES = '/sys/class/power_supply';

/** Never rejects. */
export async function readPower(platform: NodeJS.Platform): Promise<PowerFacts> {
  if (platform === 'linux') return linuxPower(SUPPLIES);
  if (platform === 'darwin')
    return macPower(await run('pmset', ['-g', 'batt']), await run('pmset', ['-g']));
  if (platform !== 'win32') return { supply: 'unknown' };
  const battery = '(Get-CimInstance Win32_Battery).BatteryStatus; "end"';
  return windowsPower(
    await run('powershell', ['-NoProfile', '-NonInteractive', '-Command', battery]),
    await run('powercfg', ['/query', 'SCHEME_CURRENT', 'SUB_SLEEP', 'STANDBYIDLE']),
  );
}

/** The kernel's own files: a battery, mains, or a device's, such as a mouse's, which is not ours. */
export function linuxPower(folder: string): PowerFacts {
  if (!existsSync(folder)) return { supply: 'unknown' };
  const read = (supply: string, name: string) => {
    const path = join(folder, supply, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  };
  try {
    const own = readdirSync(folder).filter((one) => read(one, 'scope') !== 'Device');
    const batteries = own.filter((one) => read(one, 'type') === 'Battery');
    if (batteries.length === 0) return { supply: 'none' };
    const isPlugged = own.some((one) => read(one, 'online') === '1');
    const isDraining = batteries.some((one) => read(one, 'status') === 'Discharging');
    return { supply: isDraining && !isPlugged ? 'battery' : 'mains' };
  } catch {
    return { supply: 'unknown' };
  }
}

/** `pmset -g batt` and `pmset -g`. */
export function macPower(battery: string | undefined, settings: string | undefined): PowerFacts {
  const minutes = /^\s*sleep\s+(\d+)/m.exec(settings ?? '')?.[1];
  const sleep = minutes === undefined ? {} : { sleepsAfterMinutes: Number(minutes) };
  if (battery === undefined) return { supply: 'unknown', ...sleep };
  if (battery.includes("'Battery Power'")) return { supply: 'battery', ...sleep };
  return { supply: battery.includes('InternalBattery') ? 'mains' : 'none', ...sleep };
}

/** Win32_Battery: 1 and 4, 5 drain; none: no battery. `powercfg`: seconds in hexadecimal. */
export function windowsPower(battery: string | undefined, standby: string | undefined): PowerFacts {
  const indices = [...(standby ?? '').matchAll(/: (0x[0-9a-f]{8})\s*$/gim)].map(([, hex]) =>
    Number(hex),
  );
  const plugged = indices.at(-2); // before it stand the bounds, behind it the one on battery
  const sleep = plugged === undefined ? {} : { sleepsAfterMinutes: Math.ceil(plugged / 60) };
  if (battery === undefined) return { supply: 'unknown', ...sleep };
  const states = battery.split(/\s+/).filter((word) => /^\d+$/.test(word));
  if (states.length === 0) return { supply: 'none', ...sleep };
  const isDraining = states.some((state) => ['1', '4', '5'].includes(state));
  return { supply: isDraining ? 'battery' : 'mains', ...sleep };
}

function run(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: COMMAND_MS_MAX, windowsHide: true };
    execFile(command, [...args], options, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}
