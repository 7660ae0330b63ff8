/**
 * A gate that may open no more files: new connections wait or fail, the old ones go on as before,
 * and when there is room again, newcomers are served.
 */
import { finished } from '#test/fault/stage/load-client.ts';
import { RawClient } from '#test/fault/stage/raw-client.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { Siege } from '#test/fault/stage/siege.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually, pause } from '#test/support/processes.ts';

const FILES_MAX = 128;
const NEWCOMERS = 200;

async function play(play: Play): Promise<Outcome> {
  const rounds = play.rounds ?? (play.isBrief ? 1 : 5);
  const siege = new Siege(play, { accounts: 8, applications: 3_000 * rounds });
  const gate = await siege.gate({ below: ['prlimit', `--nofile=${FILES_MAX}`] });
  const servingAgainMs: number[] = [];
  const failures: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await siege.acknowledged(50, gate);
    const newcomers: RawClient[] = [];
    let isOver = false;
    const arriving = Array.from({ length: NEWCOMERS }, async () => {
      const client = await RawClient.open(gate.port).catch(() => undefined);
      if (client === undefined) return;
      newcomers.push(client);
      if (isOver) client.socket.destroy();
    });
    await eventually('the table is full', PATIENCE_MS, () => newcomers.length > FILES_MAX / 2);
    await pause(500);
    if (newcomers.length === NEWCOMERS) failures.push('the limit of files was not reached');
    await siege.acknowledged(200, gate);
    isOver = true;
    for (const client of newcomers) client.socket.destroy();
    const startMs = performance.now();
    await Promise.all(arriving);
    const fresh = await RawClient.open(gate.port);
    fresh.socket.destroy();
    servingAgainMs.push(Math.round(performance.now() - startMs));
  }
  if (siege.clients.some(({ connections }) => connections !== 1)) failures.push('a line was cut');
  if (gate.hasEnded()) failures.push(`the gate ended: ${gate.said().slice(-300)}`);
  const outcome = await siege.end();
  await finished(siege.clients);
  await gate.stop();
  return summed([outcome, { rounds, servingAgainMs, failures }]);
}

export const fullTable: Scenario = {
  name: 'full-table',
  title: 'the gate may open no more files',
  play,
};
