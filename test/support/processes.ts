/** Processes of a running system as the kernel shows them in /proc (Linux only), and waiting. */
import { existsSync, readFileSync } from 'node:fs';

/** Processes that `pid` started and that still are; empty when it is gone. */
export function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number);
}

/**
 * The process that plays a role below the supervisor `supervisor` at this moment, also after it was
 * started again; undefined while there is none.
 */
export function childOfRole(supervisor: number, role: 'gate' | 'portal'): number | undefined {
  return childrenOf(supervisor).find((pid) => playsRole(pid, role));
}

/** The process that makes the portal's receipts; undefined before there was one to make. */
export function workshopOf(supervisor: number): number | undefined {
  const portal = childOfRole(supervisor, 'portal');
  return childrenOf(portal ?? 0).find((pid) => playsRole(pid, 'receipts'));
}

function playsRole(pid: number, role: string): boolean {
  return commandOf(pid).endsWith(`process\0${role}\0`);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Memory of a process that is in use (VmRSS), in bytes; 0 when it is gone. */
export function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Polls a condition without a fixed sleep: resolves when it holds, rejects after `withinMs`. */
export async function eventually(
  what: string,
  withinMs: number,
  holds: () => boolean | Promise<boolean>,
  everyMs = 50,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(everyMs);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
