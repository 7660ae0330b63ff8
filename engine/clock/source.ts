/**
 * What a source of time is to the disciplined clock: something that is asked now and then and
 * answers with an estimate or with a named failure, within a bounded time, and never by throwing.
 */
import type { Log } from '#engine/foundation/log.ts';
import type { Estimate } from './selection.ts';

/** Why a source, or one server of it, gave no estimate. */
export type SourceFailure =
  /** The program or the configuration for this source is not there. */
  | 'ABSENT'
  /** The name does not resolve to an IPv4 address. */
  | 'NAME_NOT_RESOLVED'
  /** No answer within the time-out. */
  | 'NO_ANSWER'
  /** An answer that is malformed, or does not belong to our question. */
  | 'ANSWER_REFUSED'
  /** The server says that it is not synchronised itself, or wants to be left alone. */
  | 'NOT_SYNCHRONISED'
  /** The servers contradict one another and none has a majority. */
  | 'NO_MAJORITY';

/** What one server said in the last exchange; for the control room. */
export interface ServerReport {
  readonly server: string;
  readonly outcome: 'used' | 'outvoted' | SourceFailure;
  /** Half width of the server's interval; undefined when it gave none. */
  readonly errorUs?: number;
}

export type SourceAnswer =
  | {
      readonly kind: 'estimate';
      readonly estimate: Estimate;
      readonly servers: readonly ServerReport[];
    }
  | {
      readonly kind: 'failed';
      readonly failure: SourceFailure;
      readonly servers: readonly ServerReport[];
    };

/** A reference. `poll` is never called again before its promise is settled. */
export interface TimeSource {
  readonly name: string;
  /**
   * @param burst whether to take the time for several exchanges: at the start, after a failure
   *   and after a step of the date
   * @returns never rejects; settles within a few seconds
   */
  poll(burst: boolean): Promise<SourceAnswer>;
}

/** The estimate of one source, or a failure; with the reports of all that were asked. */
export type BestAnswer = SourceAnswer & { readonly source: string };

/**
 * Asks the sources in their order until one gives an estimate of at most `errorUsGood`; when none
 * does (a chrony just started is honest about half a second), the smallest error wins.
 * @returns never rejects: a source that breaks its promise is logged and has failed
 */
export async function askInOrder(
  sources: readonly TimeSource[],
  how: { readonly burst: boolean; readonly errorUsGood: number; readonly log: Pick<Log, 'error'> },
): Promise<BestAnswer> {
  const servers: ServerReport[] = [];
  let best: BestAnswer = { kind: 'failed', failure: 'ABSENT', servers, source: '' };
  for (const source of sources) {
    const answer = await askOne(source, how);
    servers.push(...answer.servers);
    if (isBetter(answer, best)) best = { ...answer, servers, source: source.name };
    if (best.kind === 'estimate' && best.estimate.errorUs <= how.errorUsGood) break;
  }
  return best;
}

/** Any estimate is better than a failure; of two failures the later one is told. */
function isBetter(answer: SourceAnswer, best: SourceAnswer): boolean {
  if (best.kind === 'failed') return true;
  return answer.kind === 'estimate' && answer.estimate.errorUs < best.estimate.errorUs;
}

async function askOne(
  source: TimeSource,
  { burst, log }: { readonly burst: boolean; readonly log: Pick<Log, 'error'> },
): Promise<SourceAnswer> {
  try {
    return await source.poll(burst);
  } catch (cause) {
    log.error({ source: source.name, err: cause }, 'a source of time broke');
    return { kind: 'failed', failure: 'NO_ANSWER', servers: [] };
  }
}
