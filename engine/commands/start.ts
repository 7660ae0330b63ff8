/** `clickday start`: runs the roles of this machine until a signal. */
import { fileURLToPath } from 'node:url';
import { loadModels } from '#engine/portal/models/index.ts';
import { type Config, text } from '../config.ts';
import { ensureUiBuilt } from '../ui-build.ts';
import { commandContext, emit, say } from './context.ts';
import { type Supervised, supervise } from './supervisor.ts';

/** Well below the ten seconds that protocol §7 promises for a stop. */
const STOP_WITHIN_MS = 8_000;

const PROGRAM = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface Running {
  readonly portal?: string;
  readonly gate?: string;
  readonly setupLink?: string;
  pids(): Record<string, number>;
  stop(): Promise<void>;
}

/** Starts the processes of `config`'s roles; resolves when all serve. */
export async function startSystem(config: Config): Promise<Running> {
  const { timers, log } = commandContext(config, 'supervisor');
  const roles = text(config, 'roles').split(',');
  const scheme = text(config, 'tlsCert') === '' ? '' : 's';
  const children: Record<string, Supervised> = {};
  const base = { program: PROGRAM, timers, log };
  const stop = async () => {
    await Promise.all(Object.values(children).map((child) => child.stop(STOP_WITHIN_MS)));
  };
  let gate: string | undefined;
  let portal: string | undefined;
  let setupLink: string | undefined;
  try {
    // What the portal would refuse is told before anything runs.
    if (roles.includes('portal')) loadModels(text(config, 'models'));
    if (roles.includes('gate')) {
      const name = text(config, 'gateId');
      const child = await supervise({ ...base, name, role: 'gate', config });
      children[name] = child;
      gate = `ws${scheme}://${urlHost(child.ready.host)}:${child.ready.port}`;
    }
    if (roles.includes('portal')) {
      await ensureUiBuilt({ log: { info: say } });
      if (
        gate &&
        text(config, 'gates') === '' &&
        /^(0\.0\.0\.0|\[::\]|::):/.test(text(config, 'gate'))
      ) {
        say('CLICKDAY_GATES is empty: mini-clients on other machines are given a loopback address');
      }
      const gates = text(config, 'gates') || (gate ? `${gate}/v1/submissions` : '');
      const child = await supervise({
        ...base,
        name: 'portal',
        role: 'portal',
        config: { ...config, gates },
      });
      children.portal = child;
      portal = `http${scheme}://${urlHost(child.ready.host)}:${child.ready.port}`;
      setupLink = child.ready.setupLink;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...(portal && { portal }),
    ...(gate && { gate }),
    ...(setupLink && { setupLink }),
    pids: () =>
      Object.fromEntries(Object.entries(children).map(([name, child]) => [name, child.pid()])),
    stop,
  };
}

/** Runs in the foreground; SIGTERM and SIGINT drain and end with status 0. */
export async function start(config: Config): Promise<void> {
  const running = await startSystem(config);
  let isStopping = false;
  const end = () => {
    if (isStopping) return;
    isStopping = true;
    void running.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  const { portal, gate } = running;
  emit({
    ready: true,
    ...(portal && { portal }),
    ...(gate && { gate }),
    pid: process.pid,
    pids: running.pids(),
  });
  if (portal) say(`Portal: ${portal}`);
  if (gate) say(`Gate:   ${gate}/v1/submissions`);
  if (running.setupLink) {
    say('There is no administrator yet. Open this link once, within 72 hours, to become one:');
    say(`  ${running.setupLink}`);
  }
}

function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
