/**
 * `verify-log`: asks each gate's public log whether it bears out what the gate has answered, with
 * the keys that the portal publishes. Exit status 0 when every accepted application is in the log,
 * 1 when one is missing or not covered yet, a log contradicts itself or cannot be read.
 */
import { readTrustedKeys, type TrustedKeys } from '#protocol/receipt/keys.ts';
import {
  checkLog,
  foldJournal,
  type LoggedEntry,
  type LogVerdict,
  readRecords,
} from '../core/index.ts';
import { growSparingly } from '../node/memory.ts';
import { Portal, PortalTrouble } from '../portal.ts';
import { type CommandContext, type ExitCode, portalNamed, Refusal } from './context.ts';

const ANSWER_MS_MAX = 15_000;

export async function verifyLog(context: CommandContext): Promise<ExitCode> {
  const { output, directory } = context;
  growSparingly();
  const text = directory.journal().read();
  const byGate = acceptedByGate(text);
  if (byGate.size === 0) {
    output.say('logNothing');
    return 0;
  }
  const logs = (await keysOf(context))?.logs;
  if (logs === undefined) throw new Refusal('logKeysBad');
  let isSound = true;
  const left = new Set(byGate.keys());
  for (const url of gateUrls(context, text)) {
    const verdict = await checkLog({
      read: logReader(context, url),
      ...{ logs, keptFor: (gate) => directory.keptCheckpoint(gate) },
      entriesOf: (gate) => byGate.get(gate) ?? [],
    });
    if (verdict.kind === 'read') left.delete(verdict.gate);
    if (!tell(context, url, verdict)) isSound = false;
  }
  for (const gate of left) {
    output.say('logNotRead', { gate, count: byGate.get(gate)?.length ?? 0 });
    output.data({ event: 'log', gate, verdict: 'not-read' });
    isSound = false;
  }
  return isSound ? 0 : 1;
}

/** The portal's keys, kept for the next time; those kept when it cannot be reached. */
async function keysOf(context: CommandContext): Promise<TrustedKeys | undefined> {
  const { directory } = context;
  try {
    const keys = await portalOf(context).verificationKeys();
    directory.keepVerificationKeys(keys);
    return readTrustedKeys(keys);
  } catch (error) {
    const kept = directory.verificationKeys();
    if (!(error instanceof PortalTrouble) || kept === undefined) throw error;
    return kept;
  }
}

/** Says and keeps what was found; false when something is not as it should be. */
function tell({ output, directory }: CommandContext, url: string, verdict: LogVerdict): boolean {
  if (verdict.kind === 'unreachable') {
    output.say('logUnreachable', { url });
    output.data({ event: 'log', url, verdict: verdict.kind });
    return true; // the gate whose log was not read is told at the end
  }
  const { gate } = verdict;
  if (verdict.kind === 'contradicts') {
    output.say('logContradicts', { gate, reason: verdict.reason });
    output.data({ event: 'log', url, gate, verdict: verdict.kind, reason: verdict.reason });
    return false;
  }
  directory.keepCheckpoint(gate, verdict.note);
  directory.keepLogVerdicts(Object.fromEntries(verdict.entries));
  const all = [...verdict.entries];
  const of = (wanted: string) => all.filter(([, found]) => found === wanted).map(([id]) => id);
  const [found, early, missing] = [of('in-log'), of('early'), of('missing')];
  output.say('logRead', { gate, size: verdict.size, found: found.length, total: all.length });
  if (early.length > 0) output.say('logEarly', { count: early.length });
  for (const application of missing) output.say('logMissing', { application, gate });
  const facts = { size: verdict.size, found: found.length, early: early.length, missing };
  output.data({ event: 'log', url, gate, verdict: 'read', ...facts });
  return early.length + missing.length === 0;
}

/** What was accepted, by the gate that its protocol number names. */
function acceptedByGate(text: string): Map<string, LoggedEntry[]> {
  const byGate = new Map<string, LoggedEntry[]>();
  for (const { application, accepted } of foldJournal(text).values()) {
    if (accepted?.leafHash === undefined) continue;
    const { protocol, seq } = accepted.message;
    const gate = protocol.split('/')[1] ?? '';
    const entry = { application, seq, leafHash: accepted.leafHash };
    byGate.set(gate, [...(byGate.get(gate) ?? []), entry]);
  }
  return byGate;
}

/** Every gate that was sent to, and those of the preparations. */
function gateUrls({ directory }: CommandContext, text: string): ReadonlySet<string> {
  const sent = readRecords(text).flatMap((one) => (one.type === 'sent' ? [one.gate] : []));
  return new Set([...sent, ...directory.prepared().flatMap(({ gates }) => gates)]);
}

/** The portal named now, or that of the session, or of a preparation: the keys are public. */
function portalOf(context: CommandContext): Portal {
  const { directory, language, fetch, pause } = context;
  if (context.portalUrl !== undefined) return portalNamed(context);
  const url = directory.session()?.portal ?? directory.prepared()[0]?.portal;
  return url === undefined ? portalNamed(context) : new Portal({ url, language, fetch, pause });
}

function logReader({ fetch }: CommandContext, gate: string) {
  return async (path: string): Promise<Uint8Array | undefined> => {
    try {
      const url = new URL(`/v1/log/${path}`, gate.replace(/^ws/, 'http'));
      const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
    } catch {
      return undefined; // told as unreachable
    }
  };
}
