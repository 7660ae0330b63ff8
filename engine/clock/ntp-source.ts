/**
 * Several NTP servers as one source. Each server keeps its last eight exchanges, of which the one
 * with the smallest error counts (RFC 5905 §10); the servers that answered in this poll are then
 * put to the vote (`agree`). A name is resolved before it is asked and again after a silence.
 */
import type { HostClock, Timers } from './clock.ts';
import { exchange, type NtpQuestion, ntpQuestion } from './ntp-exchange.ts';
import { type NtpServer, resolveAddress } from './ntp-servers.ts';
import { agree, bestOf, type Estimate, errorAt } from './selection.ts';
import type { ServerReport, SourceAnswer, SourceFailure, TimeSource } from './source.ts';

export interface NtpSourceOptions {
  /** Exchanges of a burst, and exchanges remembered for each server; default 8. */
  readonly burst?: number;
  /** Milliseconds between the exchanges of a burst; default 125. */
  readonly burstGapMs?: number;
  /**
   * Milliseconds until an unanswered exchange, or an unresolved name, is given up; default 1000.
   */
  readonly timeoutMs?: number;
  /** Bound of the monotonic clock's own drift in parts per million; default 15 (RFC 5905). */
  readonly driftPpm?: number;
}

/** Bound of the monotonic clock's drift that RFC 5905 (PHI) assumes. */
export const DRIFT_PPM = 15;

const DEFAULTS = { burst: 8, burstGapMs: 125, timeoutMs: 1_000, driftPpm: DRIFT_PPM };

interface Peer {
  readonly name: string;
  readonly server: NtpServer;
  address: string | undefined;
  recent: readonly Estimate[];
}

/**
 * @param parts.ask how one packet is exchanged; the network when left out
 * @returns a source that never rejects and, in a burst, settles within about
 *   `burst × burstGapMs + 3 × timeoutMs`
 */
export function ntpSource(parts: {
  readonly servers: readonly NtpServer[];
  readonly host: HostClock;
  readonly timers: Timers;
  readonly options?: NtpSourceOptions;
  readonly ask?: NtpQuestion;
}): TimeSource {
  const options = { ...DEFAULTS, ...parts.options };
  const ask = parts.ask ?? ntpQuestion({ timeoutMs: options.timeoutMs });
  const peers: readonly Peer[] = parts.servers.map((server) => ({
    name: `${server.host}:${server.port}`,
    server,
    address: undefined,
    recent: [],
  }));

  const measure = async (peer: Peer): Promise<SourceFailure | undefined> => {
    peer.address ??= await resolveAddress(peer.server.host, {
      timers: parts.timers,
      timeoutMs: options.timeoutMs,
    });
    if (peer.address === undefined) return 'NAME_NOT_RESOLVED';
    const server = { address: peer.address, port: peer.server.port };
    const outcome = await exchange(server, { host: parts.host, ask });
    if (outcome.kind === 'failed') return outcome.failure;
    peer.recent = remember(peer.recent, outcome.estimate, options);
    return undefined;
  };

  /** Undefined when at least one exchange succeeded. Two failures in a row end a burst. */
  const pollPeer = async (peer: Peer, exchanges: number): Promise<SourceFailure | undefined> => {
    let succeeded = false;
    let failure: SourceFailure | undefined;
    for (let done = 0; done < exchanges; done += 1) {
      if (done > 0) await pause(parts.timers, options.burstGapMs);
      const before = failure;
      failure = await measure(peer);
      if (failure === undefined) succeeded = true;
      else if (before !== undefined || failure !== 'NO_ANSWER') break;
    }
    if (!succeeded) peer.address = undefined;
    return succeeded ? undefined : failure;
  };

  return {
    name: 'ntp',
    async poll(burst) {
      const exchanges = burst ? options.burst : 1;
      const failures = await Promise.all(peers.map((peer) => pollPeer(peer, exchanges)));
      return vote(peers, failures, parts.host.monotonicUs(), options.driftPpm);
    },
  };
}

/** Adds an exchange; older ones that contradict it (a clock was set) are forgotten. */
function remember(
  recent: readonly Estimate[],
  latest: Estimate,
  { burst, driftPpm }: { readonly burst: number; readonly driftPpm: number },
): readonly Estimate[] {
  const consistent = recent.filter(
    (earlier) =>
      Math.abs(earlier.offsetUs - latest.offsetUs) <=
      errorAt(earlier, latest.atUs, driftPpm) + latest.errorUs,
  );
  return [...consistent, latest].slice(-burst);
}

function vote(
  peers: readonly Peer[],
  failures: readonly (SourceFailure | undefined)[],
  nowUs: number,
  driftPpm: number,
): SourceAnswer {
  const reports: ServerReport[] = [];
  const voters: { readonly report: number; readonly estimate: Estimate }[] = [];
  peers.forEach((peer, index) => {
    const failure = failures[index];
    const best = bestOf(peer.recent, nowUs, driftPpm);
    if (failure !== undefined || best === undefined) {
      reports.push({ server: peer.name, outcome: failure ?? 'NO_ANSWER' });
      return;
    }
    const errorUs = Math.ceil(errorAt(best, nowUs, driftPpm));
    voters.push({ report: reports.length, estimate: best });
    reports.push({ server: peer.name, outcome: 'used', errorUs });
  });
  if (voters.length === 0) return failedPoll(reports);
  const agreement = agree(
    voters.map((voter) => voter.estimate),
    nowUs,
    driftPpm,
  );
  if (agreement.kind === 'no-majority') {
    const servers = reports.map((report) => setOutcome(report, 'NO_MAJORITY'));
    return { kind: 'failed', failure: 'NO_MAJORITY', servers };
  }
  const outvoted = new Set(agreement.outvoted.map((voter) => voters[voter]?.report));
  const servers = reports.map((report, index) =>
    outvoted.has(index) ? setOutcome(report, 'outvoted') : report,
  );
  return { kind: 'estimate', estimate: agreement.estimate, servers };
}

function setOutcome(report: ServerReport, outcome: ServerReport['outcome']): ServerReport {
  return report.outcome === 'used' ? { ...report, outcome } : report;
}

/** The failure that all share; when they differ, that nobody gave an answer to use. */
function failedPoll(servers: readonly ServerReport[]): SourceAnswer {
  const outcomes = new Set(servers.map((report) => report.outcome));
  const [only] = outcomes;
  const shared = outcomes.size === 1 && only !== 'used' && only !== 'outvoted' ? only : undefined;
  const failure = servers.length === 0 ? 'ABSENT' : (shared ?? 'NO_ANSWER');
  return { kind: 'failed', failure, servers };
}

function pause(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => void timers.after(ms, resolve));
}
