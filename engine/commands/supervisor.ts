/**
 * The supervisor: one process a role, started again when it dies. What one of them suffers stays
 * there. A child that comes back takes the port it had, so that clients find it again.
 *
 *     starting ──ready──► serving ──dies──► waiting 200 ms ──► starting
 *         └──dies before it ever served──► the whole start failed
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import { type Config, environmentOf } from '../config.ts';
import type { Ready } from './child.ts';
import { Refused } from './context.ts';
import { GATE_ENVIRONMENT } from './gate-environment.ts';

export interface Supervised {
  readonly ready: Ready;
  pid(): number;
  /** Asks it to end and waits; kills what does not within `ms`. */
  stop(ms: number): Promise<void>;
}

const RESTART_AFTER_MS = 200;
/** The processors are the gate's first: the portal can wait, an acknowledgement cannot. */
const NICE = { gate: 0, portal: 5 } as const;
/** Beside the configuration. */
const ENVIRONMENT = { gate: GATE_ENVIRONMENT, portal: {} } as const;

/** Starts `engine/main.ts process ROLE` and resolves when it serves for the first time. */
export function supervise(options: {
  name: string;
  role: 'gate' | 'portal';
  program: string;
  config: Config;
  timers: Timers;
  log: Log;
}): Promise<Supervised> {
  const { name, role, program, timers, log } = options;
  let config = options.config;
  let child: ChildProcess;
  let isStopping = false;
  let first: Ready | undefined;

  return new Promise((resolve, reject) => {
    const start = () => {
      child = spawn(process.execPath, [...process.execArgv, program, 'process', role], {
        env: { ...environmentOf(config), ...ENVIRONMENT[role] },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      if (child.pid !== undefined && NICE[role] > 0) setPriority(child.pid, NICE[role]);
      child.on('message', (message: { ready?: Ready }) => {
        if (message.ready === undefined) return;
        log.info({ name, pid: child.pid }, 'serving');
        if (first !== undefined) return;
        first = message.ready;
        config = { ...config, [role]: `${bracketed(first.host)}:${first.port}` };
        resolve({ ready: first, pid: () => child.pid ?? 0, stop });
      });
      child.on('exit', (code, signal) => {
        if (isStopping) return;
        if (first === undefined) return reject(notStarted(name, code));
        log.error({ name, code, signal }, 'died; starting it again');
        timers.after(RESTART_AFTER_MS, () => {
          if (!isStopping) start();
        });
      });
    };

    const stop = (ms: number) =>
      new Promise<void>((done) => {
        isStopping = true;
        if (child.exitCode !== null || child.signalCode !== null) return done();
        const cancel = timers.after(ms, () => child.kill('SIGKILL'));
        child.on('exit', () => {
          cancel();
          done();
        });
        child.kill('SIGTERM');
      });

    start();
  });
}

/** Why stands above, in the child's own words. */
function notStarted(name: string, code: number | null): Refused {
  return new Refused('NOT_STARTED', `${name} could not start (${code}): its reason stands above`);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
