/**
 * Capacity: the highest rate of durable acknowledgements a gate sustains, by a closed loop of 400
 * connections with four in flight. Other scenarios offer a part or a multiple of it.
 */
import { ratePerSecond } from '#bench/drivers/answer-figures.ts';
import type { LoadResult } from '#bench/drivers/load.ts';
import { connectionPlans, type LoadStage, singleSenders } from '#bench/scenarios/load-stage.ts';

export const CONNECTIONS = 400;
const IN_FLIGHT = 4;

/** Plays about `applications` submissions named after `name`; their rate beside the result. */
export async function playCapacity(
  stage: LoadStage,
  options: { name: string; applications: number; connections?: number; inFlight?: number },
): Promise<LoadResult & { readonly perSecond: number }> {
  const { name, applications, connections = CONNECTIONS, inFlight = IN_FLIGHT } = options;
  const senders = singleSenders(name, connections, Math.ceil(applications / connections));
  const load = { kind: 'closed', inFlight, honoursRetry: true } as const;
  const result = await stage.play(connectionPlans(stage.portal, senders), { load });
  return { ...result, perSecond: ratePerSecond(result.answers) };
}
