/** Why a gate needs a look, read from what it says of itself: codes, in words in gate-texts.ts. */

/** `degraded`: it answers, and lets nobody new in. */
export type GateState = 'up' | 'degraded' | 'silent';

export function gateState(health: unknown): GateState {
  if (isGateUp(health)) return 'up';
  return recordOf(health).status === 'degraded' ? 'degraded' : 'silent';
}

/** Codes, the gravest first; none of a gate that is well, silent or older. */
export function gateReasons(health: unknown): readonly string[] {
  const { isWritable, memory, clock, log } = recordOf(health);
  const { alarms } = recordOf(clock);
  const { trouble, witnesses } = recordOf(log);
  const clockCodes = listOf(alarms).map((alarm) => recordOf(alarm).code);
  return [
    ...(isWritable === false ? ['NOT_WRITABLE'] : []),
    ...(recordOf(memory).isShort === true ? ['MEMORY_SHORT'] : []),
    ...[...clockCodes, trouble].filter((code) => typeof code === 'string'),
    ...witnessReasons(listOf(witnesses).map((witness) => recordOf(witness).trouble)),
  ];
}

/** One that was shown another history is another thing than one that cannot be reached. */
function witnessReasons(troubles: readonly unknown[]): readonly string[] {
  const isOther = (trouble: unknown) => typeof trouble === 'string' && trouble !== 'CONTRADICTED';
  return [
    ...(troubles.includes('CONTRADICTED') ? ['WITNESS_CONTRADICTED'] : []),
    ...(troubles.some(isOther) ? ['WITNESS_MISSING'] : []),
  ];
}

/** Whether what a gate last said of itself means that it serves. */
function isGateUp(health: unknown): boolean {
  if (health === null || health === undefined || health === false) return false;
  if (typeof health !== 'object') return health === true || health === 'ok' || health === 'up';
  const { status, ok, reachable } = health as Record<string, unknown>;
  if (ok === false || reachable === false) return false;
  return status === undefined || status === 'ok' || status === 'up' || status === 'serving';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
