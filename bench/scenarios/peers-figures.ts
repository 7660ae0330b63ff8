/** What the runs of gate and peers come to: ratios turn by turn, with their targets. */
import { type Figure, medianAtLeast, noneOf, notDoneFigure, reported } from '#bench/figures.ts';
import { type Door, PEERS, type Peer } from '#bench/peers/roster.ts';
import { GATE, type PeerRun } from '#bench/scenarios/peers.ts';
import { ratesOf, ratiosOf } from '#bench/scenarios/ratios.ts';
import { faultsOf, loadName } from '#bench/scenarios/run-table.ts';
import { spreadOf } from '#bench/statistics.ts';

/** A comparison: the gate behind `gateDoor` over a peer behind its own. */
interface Comparison {
  readonly peer: Peer;
  readonly gateDoor: Door;
  readonly what: string;
}

/** Each peer by the door both share, and, where the gate's own is another, by each one's own. */
function comparisons(): Comparison[] {
  return PEERS.flatMap((peer): Comparison[] => {
    const own = { peer, gateDoor: 'WebSocket', what: `gate ÷ ${peer.name}, own doors` } as const;
    const same = { peer, gateDoor: peer.door, what: `gate ÷ ${peer.name}, both ${peer.door}` };
    return peer.door === own.gateDoor ? [same] : [own, same];
  });
}

/** A server's rates turn by turn, under that of its loads under which it did most. */
function bestRatesOf(runs: readonly PeerRun[], peer: string): number[] {
  const loads = [...Map.groupBy(runs, loadName).values()].map((some) => ratesOf(some, peer));
  const medians = loads.map((rates) => spreadOf(rates).median);
  return loads[medians.indexOf(Math.max(...medians))] ?? [];
}

function ratioFigure({ peer, gateDoor, what }: Comparison, runs: readonly PeerRun[]): Figure {
  const { target } = peer;
  const behind = (door: Door) => runs.filter((run) => run.door === door);
  const gate = bestRatesOf(behind(gateDoor), GATE);
  const values = ratiosOf(gate, bestRatesOf(behind(peer.door), peer.name));
  const told = { ...reported, worst: 'lowest' } as const;
  const bound = target === undefined ? told : { target: `≥ ${target}`, ...medianAtLeast(target) };
  return { scenario: what, ...bound, values, digits: 2 };
}

/** All ratios; `missing` names the peers that could not be had, with the reason. */
export function peerFigures(
  runs: readonly PeerRun[],
  missing: ReadonlyMap<string, string>,
): Figure[] {
  const ratios = comparisons().map((one) => {
    const reason = missing.get(one.peer.name);
    if (reason === undefined) return ratioFigure(one, runs);
    const { target } = one.peer;
    return notDoneFigure(one.what, target === undefined ? reported.target : `≥ ${target}`, reason);
  });
  const faults = runs.map((run) => faultsOf(run).length);
  return [...ratios, noneOf('gate and peers: lost, doubled, untrue or cut off', faults)];
}
