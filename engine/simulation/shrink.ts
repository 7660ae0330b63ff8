/**
 * Makes a failing scenario smaller while it still fails in the same way: leaves out kinds of
 * faults, single faults, devices, applications, gates; again, until nothing can be left out any
 * more or the runs are used up. The result depends on the scenario alone.
 */
import type { Scenario } from './scenario.ts';

export interface Shrunk {
  readonly scenario: Scenario;
  readonly runs: number;
}

/** Smaller scenarios to try, the largest steps first. */
function* smaller(scenario: Scenario): Generator<Scenario> {
  const { faults, devices, gates } = scenario;
  if (faults.length > 1) yield { ...scenario, faults: [] };
  for (const kind of new Set(faults.map((fault) => fault.kind))) {
    yield { ...scenario, faults: faults.filter((fault) => fault.kind !== kind) };
  }
  for (const fault of faults) {
    yield { ...scenario, faults: faults.filter((other) => other !== fault) };
  }
  for (let size = devices.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < devices.length; from += size) {
      const kept = devices.filter((_, at) => at < from || at >= from + size);
      if (kept.length > 0) yield withDevices(scenario, kept);
    }
  }
  for (const device of devices) {
    const half = device.applications.length >> 1;
    if (half === 0) continue;
    for (const applications of [
      device.applications.slice(0, half),
      device.applications.slice(half),
    ]) {
      const kept = devices.map((other) => (other === device ? { ...device, applications } : other));
      yield withDevices(scenario, kept);
    }
  }
  for (const gate of gates) {
    if (gates.length === 1) break;
    const kept = faults.filter(({ target }) => target !== gate.name);
    yield { ...scenario, gates: gates.filter((other) => other !== gate), faults: kept };
  }
}

function withDevices(scenario: Scenario, devices: Scenario['devices']): Scenario {
  const names = new Set(devices.map(({ name }) => name));
  const isOfNobody = (target: string) => /^d\d/.test(target) && !names.has(target);
  const faults = scenario.faults.filter(({ target }) => !isOfNobody(target));
  return { ...scenario, devices, faults };
}

/** @param fails whether a scenario shows the same failure */
export async function shrink(
  scenario: Scenario,
  fails: (smaller: Scenario) => Promise<boolean>,
  runsMax: number,
): Promise<Shrunk> {
  let smallest = scenario;
  let runs = 0;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const candidate of smaller(smallest)) {
      if (runs >= runsMax) return { scenario: smallest, runs };
      runs += 1;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return { scenario: smallest, runs };
}
