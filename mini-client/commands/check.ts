/**
 * `check`: traffic lights before the day. Each line says what was found and, when it is not green,
 * what to do. Red: sending would fail. Yellow: it would work, but look.
 */
import { officialTimeUs } from '#protocol/clock-estimate.ts';
import { usFromIso } from '#protocol/time.ts';
import { type GateProbe, type Light, openPassbook, probeGate } from '../core/index.ts';
import { type Prepared, proveWritable } from '../node/directory.ts';
import { Portal } from '../portal.ts';
import type { TextKey } from '../texts.ts';
import { tenths } from '../words.ts';
import { type CommandContext, type ExitCode, portalOfSession, Refusal } from './context.ts';
import { signs } from './self-test.ts';
import { choosePrepared } from './send.ts';

/** From here on a person should set the computer's clock. */
const CLOCK_ERROR_US_MAX = 1_000_000;

interface Finding {
  readonly check: string;
  readonly light: Light;
  readonly text: string;
}

export async function check(
  context: CommandContext,
  options: { readonly clickDay?: string; readonly gates?: readonly string[] },
): Promise<ExitCode> {
  const prepared = preparedOrNone(context, options.clickDay);
  const findings = [
    checkDisk(context),
    await checkPortal(context),
    await checkSession(context),
    checkPrepared(context, prepared),
    ...(await checkGates(context, options.gates ?? prepared?.gates ?? [], prepared)),
  ];
  for (const { check, light, text } of findings) {
    context.output.line(`${signs[light]} ${text}`);
    context.output.data({ event: 'check', check, light, text });
  }
  return findings.some(({ light }) => light === 'red') ? 1 : 0;
}

function finding(
  { output }: CommandContext,
  check: string,
  light: Light,
  key: TextKey,
  values: Readonly<Record<string, string | number>> = {},
): Finding {
  return { check, light, text: output.text(key, values) };
}

function checkDisk(context: CommandContext): Finding {
  const { path } = context.directory;
  try {
    proveWritable(path);
    return finding(context, 'disk', 'green', 'checkDisk', { path });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return finding(context, 'disk', 'red', 'checkDiskFails', { path, reason });
  }
}

async function checkPortal(context: CommandContext): Promise<Finding> {
  const url = context.directory.session()?.portal ?? context.portalUrl;
  if (url === undefined) return finding(context, 'portal', 'yellow', 'portalMissing');
  try {
    await new Portal({ url, language: context.language, fetch: context.fetch }).time(0);
    return finding(context, 'portal', 'green', 'checkPortal', { portal: url });
  } catch (error) {
    // Once prepared, sending does not need the portal.
    return { check: 'portal', light: 'yellow', text: messageOf(error) };
  }
}

async function checkSession(context: CommandContext): Promise<Finding> {
  const session = context.directory.session();
  if (session === undefined) return finding(context, 'session', 'yellow', 'notLoggedIn');
  try {
    await portalOfSession(context).session();
    return finding(context, 'session', 'green', 'checkSession', { email: session.email });
  } catch (error) {
    return { check: 'session', light: 'yellow', text: messageOf(error) };
  }
}

function checkPrepared(context: CommandContext, prepared: Prepared | undefined): Finding {
  if (prepared === undefined) return finding(context, 'prepared', 'red', 'notPrepared');
  const { id, opensAt, closesAt } = prepared.clickDay;
  const closesAtS = usFromIso(closesAt) / 1_000_000;
  const expires = prepared.passbooks.map((text) => openPassbook(text)?.expiresAtS ?? 0);
  if (Math.min(...expires) < closesAtS) {
    return finding(context, 'prepared', 'red', 'checkPassbook', { id });
  }
  const count = prepared.applications.length;
  return finding(context, 'prepared', 'green', 'checkPrepared', { id, count, opensAt });
}

async function checkGates(
  context: CommandContext,
  urls: readonly string[],
  prepared: Prepared | undefined,
): Promise<Finding[]> {
  const { openSocket, clock, timers } = context;
  const passbooks = prepared?.passbooks ?? [];
  if (passbooks.length === 0) return [];
  const probes = await Promise.all(
    urls.map((url) => probeGate({ url, passbooks, openSocket, clock, timers })),
  );
  return [...probes.map((probe) => gateFinding(context, probe)), clockFinding(context, probes)];
}

function gateFinding(context: CommandContext, probe: GateProbe): Finding {
  const { url } = probe;
  if (probe.outcome === 'reached') {
    const trip = tenths(probe.estimate.roundTripUs / 1000);
    return finding(context, 'gate', 'green', 'checkGate', { host: new URL(url).host, trip });
  }
  const key = probe.outcome === 'refused' ? 'checkGateRefuses' : 'checkGateFails';
  return finding(context, 'gate', 'red', key, { url, reason: probe.reason });
}

function clockFinding(context: CommandContext, probes: readonly GateProbe[]): Finding {
  const reached = probes.flatMap((probe) => (probe.outcome === 'reached' ? [probe] : []));
  const [best] = reached.sort((a, b) => a.estimate.uncertaintyUs - b.estimate.uncertaintyUs);
  if (best === undefined) return finding(context, 'clock', 'red', 'checkClockUnknown');
  const officialUs = officialTimeUs(best.estimate, context.clock.nowUs());
  const errorUs = context.wallNowUs() - officialUs;
  const values = {
    error: tenths(errorUs / 1000),
    uncertainty: tenths(best.estimate.uncertaintyUs / 1000),
  };
  if (Math.abs(errorUs) - best.estimate.uncertaintyUs > CLOCK_ERROR_US_MAX) {
    const seconds = tenths(errorUs / 1_000_000);
    return finding(context, 'clock', 'yellow', 'checkClockOff', { ...values, error: seconds });
  }
  const isSynchronised = best.sync !== 'unsynchronised';
  const found = finding(
    context,
    'clock',
    isSynchronised ? 'green' : 'yellow',
    'checkClock',
    values,
  );
  if (isSynchronised) return found;
  return { ...found, text: `${found.text} ${context.output.text('unsynchronised')}` };
}

function preparedOrNone(context: CommandContext, clickDay: string | undefined) {
  try {
    return choosePrepared(context, clickDay);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
