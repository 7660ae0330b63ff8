/**
 * All scenarios of `npm run bench`, in the order in which they are played and stand in RESULTS.md.
 */
import { FAIRNESS } from '#bench/fairness/scenarios.ts';
import { type Scenario, sized } from '#bench/scenario.ts';
import * as echo from '#bench/scenarios/echo.ts';
import * as limits from '#bench/scenarios/limits.ts';
import * as peers from '#bench/scenarios/peers-suite.ts';

const CLOSED_LOOP = `Closed loop: every connection keeps the given number of submissions in flight,
so latency is that of a saturated server. The first fifth of each run is warm-up and left out of
rate and latency.`;

const COUNTS = `A run counts only when every acknowledgement is in the store afterwards with the
same number and stamp and nothing is there twice; the gate's only when \`clickday verify\` is clean
as well.`;

const SPEED: readonly Scenario[] = [
  {
    name: 'echo',
    group: 'speed',
    title: 'Beside a bare echo',
    method: `${CLOSED_LOOP} The bare echo is a uWebSockets server that answers each frame with a
constant of the size of \`accepted\` and stores nothing. A ratio is the gate's rate over the echo's of
the same turn. ${COUNTS} Where the generator is the limit the server can do more than the row says,
so the ratio flatters whoever is not limited by it.`,
    measure: sized(echo.measureEcho, { full: echo.FULL, quick: echo.QUICK }),
  },
  {
    name: 'peers',
    group: 'speed',
    title: 'Beside its peers',
    method: `${CLOSED_LOOP} Each peer does the gate's work: takes the submission, checks the
passbook (Ed25519, once), refuses outside the window, gives a number, has it on disk before it
answers, and answers with the members of \`accepted\`. Otherwise it does less than the gate: no turns,
no limits by account, no Merkle log.

A ratio is the median of the turns, each the gate's rate over the peer's of the same turn. *Own
doors*: the gate over WebSocket, the way it is made for, and the peer over HTTP, the way it is. *Both
HTTP*: one generator and one protocol for both. HTTP is autocannon, one submission a request on
keep-alive connections, each with its passbook in the headers; WebSocket is the swarm. Server CPU is
that of the program that answers, without its store's processes. Where the generator's CPU is near
100 % the server can do more than its row says, and the ratio is too small for the faster one.
${COUNTS}

Durability: the file with fdatasync a batch; Redis \`appendonly yes\`, \`appendfsync always\`;
PostgreSQL \`fsync=on\`, \`synchronous_commit=on\`, \`full_page_writes=on\`; JetStream
\`sync_interval: always\`.`,
    measure: sized(peers.measurePeers, { full: peers.FULL, quick: peers.QUICK }),
  },
  {
    name: 'limits',
    group: 'speed',
    title: 'What the disk allows',
    method: `Without sockets and without checks, entries of 280 bytes, one durable write after the
other for 1.5 s: an append and fdatasync for each entry, and LMDB transactions with the engine's
settings.`,
    measure: sized(limits.measureLimits, { full: limits.FULL, quick: limits.QUICK }),
  },
];

export const SCENARIOS: readonly Scenario[] = [...SPEED, ...FAIRNESS];
