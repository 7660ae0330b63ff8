/**
 * A command in a kernel of its own: user-mode Linux, Debian's package user-mode-linux, a kernel
 * that runs as a plain process. It has what the machine's own kernel may lack (sch_netem), its
 * root is the machine's file system, not to be written, and inside the command is root whoever
 * started it. One processor; a system call there costs several of the machine's.
 *
 * The guest's clock is the machine's, read when asked for. Linux on x86-64 only. SIGSTOP to one of
 * its processes from outside ends the process of the guest that it stands for, with 139.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '#bench/system.ts';
import { scoped } from '#test/support/scope.ts';

const PROGRAMS = ['linux.uml:user-mode-linux', 'insmod:kmod', 'ip:iproute2', 'tc:iproute2'];
const MEMORY = '1536M';

/** Installs what the guest needs and is missing; false when it cannot be had, which is said. */
export function hasGuestKernel(): boolean {
  const script = '. test/set-up/system-packages.sh; clickday_system_packages "$@"';
  const words = ['-c', script, 'sh', ...PROGRAMS];
  return spawnSync('sh', words, { cwd: ROOT, stdio: ['ignore', 2, 2] }).status === 0;
}

/**
 * Runs `command` in the repository's root inside a guest; what it writes goes to `say`, line by
 * line. Resolves with its exit status; rejects when the guest ended without one.
 */
export function inGuestKernel(
  command: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  return scoped(async (scope) => {
    const exchange = mkdtempSync(join(tmpdir(), 'clickday-guest-'));
    scope.onEnd(() => rmSync(exchange, { recursive: true, force: true }));
    const init = join(exchange, 'init');
    writeFileSync(init, initScript([exchange, ROOT, ...command]), { mode: 0o755 });
    const child = spawn('linux.uml', kernelWords(init), { stdio: ['ignore', 'pipe', 'inherit'] });
    scope.onEnd(() => child.kill('SIGTERM'));
    let last = '';
    createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on(
      'line',
      (line) => {
        last = line;
        // The kernel tells of being switched off however quiet it is to be.
        if (!line.startsWith('sysrq: ')) say(line);
      },
    );
    await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const status = join(exchange, 'status');
    if (!existsSync(status)) throw new Error(`the guest kernel ended by itself: ${last}`);
    return Number(readFileSync(status, 'utf8'));
  });
}

/** The kernel's command line takes no quotes, so what the first process is to do is a file. */
function initScript(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return `#!/bin/sh\nexec sh '${ROOT}test/support/guest-init.sh' ${quoted.join(' ')}\n`;
}

function kernelWords(init: string): readonly string[] {
  const files = ['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro'];
  const consoles = ['con=null', 'con0=null,fd:1', 'ssl=null'];
  return [`mem=${MEMORY}`, 'quiet', 'loglevel=1', `init=${init}`, ...files, ...consoles];
}
