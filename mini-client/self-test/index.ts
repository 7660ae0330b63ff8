/**
 * The self-test ("collaudo"): the whole way of the day, with a submission of no value at its end.
 *
 *     portal, session, build ─► a line to practise with ─► every gate: certificate, round trips
 *          ─► clock, time servers, disk, power ─► practice submission to every gate ─► receipt
 *
 * One light a check, the worst of all as verdict (`verdictOf`). It always ends, within a minute or
 * so, and throws for nothing that a network, a portal or a computer can do to it.
 */
import type { CheckResult, GateProbe } from '../core/index.ts';
import { checkDisk, checkNtp, checkPower } from './computer-checks.ts';
import {
  checkCertificates,
  clockResult,
  gateResult,
  probeGates,
  proxyResult,
} from './network-checks.ts';
import type { SelfTestParts } from './parts.ts';
import { checkBuild, checkPortal, checkSession } from './portal-checks.ts';
import { practiceLines, practise } from './practice.ts';
import { resultOf } from './texts.ts';

export type {
  Certificate,
  DiskFacts,
  NtpExchange,
  PowerFacts,
  SelfTestHost,
  SelfTestParts,
} from './parts.ts';

/** All results, in the order in which they came; `parts.onResult` hears each at once. */
export async function selfTest(parts: SelfTestParts): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const tell = (...found: readonly (CheckResult | undefined)[]) => {
    for (const result of found) {
      if (result === undefined) continue;
      results.push(result);
      parts.onResult?.(result);
    }
  };
  tell(await checkPortal(parts));
  const session = await checkSession(parts);
  tell(session, await checkBuild(parts));
  const gates = await gatesOf(parts);
  const isLoggedIn = session.light === 'green';
  const lines = isLoggedIn ? await practiceLines(parts, gates) : undefined;
  const probes = await probeGates(parts, gates.map(greetingOf(parts, lines)));
  tell(...(await checkCertificates(parts, [parts.portalUrl, ...gates])));
  tell(...gateResults(parts, probes), proxyResult(parts, probes), clockResult(parts, probes));
  for (const check of [checkNtp, checkDisk, checkPower]) tell(await check(parts));
  if (lines !== undefined && !(lines instanceof Map)) tell(lines);
  if (lines instanceof Map) {
    for (const [gate, line] of lines) {
      if (isReached(probes, gate)) tell(...(await practise(parts, gate, line)));
    }
  }
  return results;
}

async function gatesOf({ portal, gates }: SelfTestParts): Promise<readonly string[]> {
  if (gates !== undefined && gates.length > 0) return gates;
  return portal.gates().catch(() => []);
}

/** What is shown to a gate: the line to practise with, or what is prepared, or nothing. */
function greetingOf(
  { passbooks = [] }: SelfTestParts,
  lines: Awaited<ReturnType<typeof practiceLines>> | undefined,
) {
  return (url: string) => {
    const line = lines instanceof Map ? lines.get(url) : undefined;
    return { url, passbooks: line === undefined ? passbooks : [line.passbook] };
  };
}

function gateResults(parts: SelfTestParts, probes: readonly GateProbe[]): CheckResult[] {
  if (probes.length > 0) return probes.map((probe) => gateResult(parts, probe));
  const nothing = { light: 'red', what: 'gateNone', todo: 'gateNoneDo' } as const;
  return [resultOf(parts.language, 'gate', nothing)];
}

function isReached(probes: readonly GateProbe[], gate: string): boolean {
  return probes.some(({ url, outcome }) => url === gate && outcome === 'reached');
}
