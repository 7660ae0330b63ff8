/**
 * Frames that no client may send, each on a line of its own, while others submit: too large,
 * unmasked, in pieces that do not belong together, not UTF-8, of an unknown opcode, compressed
 * without leave, binary, no JSON. The line is closed (with the code of RFC 6455 where the library
 * gives one), and nobody else notices.
 */

import { type FrameParts, OPCODE, RawClient } from '#test/fault/stage/raw-client.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { Siege } from '#test/fault/stage/siege.ts';

interface Offence {
  readonly title: string;
  readonly frames: readonly FrameParts[];
  /** Codes the gate may give; a line that ends without one counts as 1006. */
  readonly codes: readonly number[];
}

const NO_CODE = 1006;
const { text, binary, continuation, ping, close } = OPCODE;
const BIG = Buffer.alloc(300 * 1024, 'a');
const HELLO = JSON.stringify({ type: 'hello', passbooks: [], client: 'x/1' });

const OFFENCES: readonly Offence[] = [
  {
    // The library reads it as if it were masked, and what comes of that is no JSON.
    title: 'unmasked',
    frames: [
      { opcode: text, payload: HELLO, isMasked: false },
      { opcode: text, payload: HELLO },
    ],
    codes: [1002, 1007],
  },
  {
    title: 'reserved bits',
    frames: [{ opcode: text, payload: HELLO, reserved: 2 }],
    codes: [1002],
  },
  { title: 'compressed', frames: [{ opcode: text, payload: BIG, reserved: 4 }], codes: [1002] },
  { title: 'opcode 3', frames: [{ opcode: 3, payload: 'x' }], codes: [1002] },
  { title: 'opcode 15', frames: [{ opcode: 15, payload: 'x' }], codes: [1002] },
  { title: 'binary', frames: [{ opcode: binary, payload: HELLO }], codes: [1003] },
  { title: 'no UTF-8', frames: [{ opcode: text, payload: Buffer.of(0xc3, 0x28) }], codes: [1007] },
  { title: 'no JSON', frames: [{ opcode: text, payload: '{' }], codes: [1007] },
  { title: 'larger than a hello', frames: [{ opcode: text, payload: BIG }], codes: [1009] },
  {
    title: 'says it is 2^40 bytes long',
    frames: [{ opcode: text, payload: 'x', length: 2 ** 40 }],
    codes: [1009],
  },
  { title: 'a piece of nothing', frames: [{ opcode: continuation, payload: 'x' }], codes: [1002] },
  {
    title: 'a new message within another',
    frames: [
      { opcode: text, payload: '{', isFinal: false },
      { opcode: text, payload: HELLO },
    ],
    codes: [1002],
  },
  {
    title: 'a ping in pieces',
    frames: [{ opcode: ping, payload: 'x', isFinal: false }],
    codes: [1002],
  },
  {
    title: 'a ping of 200 bytes',
    frames: [{ opcode: ping, payload: Buffer.alloc(200) }],
    codes: [1002],
  },
  {
    title: 'a close of one byte',
    frames: [{ opcode: close, payload: 'x' }],
    codes: [1002],
  },
];

async function committed(port: number, offence: Offence): Promise<string> {
  const client = await RawClient.open(port);
  client.send(...offence.frames);
  await client.closed;
  return describe(offence, client.closeCode() ?? NO_CODE);
}

function describe({ title, codes }: Offence, code: number): string {
  // The library ends a line that breaks the protocol of WebSocket without a word.
  const isRight = codes.includes(code) || (code === NO_CODE && codes[0] !== 1003);
  return isRight ? '' : `${title}: closed with ${code}`;
}

/** One message in many pieces is allowed, and is understood. */
async function inPieces(port: number): Promise<string> {
  const client = await RawClient.open(port);
  const pieces = [...HELLO].map((payload, at) => ({
    opcode: at === 0 ? text : continuation,
    payload,
    isFinal: at === HELLO.length - 1,
  }));
  client.send(...pieces);
  await new Promise((resolve) => client.socket.once('data', resolve));
  client.socket.destroy();
  return client.received.includes('welcome') ? '' : 'a hello in pieces was not understood';
}

async function play(play: Play): Promise<Outcome> {
  const repeats = play.rounds ?? (play.isBrief ? 1 : 20);
  const siege = new Siege(play, { accounts: 8, applications: 600 * repeats });
  const gate = await siege.gate();
  const failures: string[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    failures.push(...(await Promise.all(OFFENCES.map((one) => committed(gate.port, one)))));
    failures.push(await inPieces(gate.port));
    await siege.acknowledged(20, gate);
  }
  if (gate.hasEnded()) failures.push(`the gate ended: ${gate.said().slice(-300)}`);
  if (siege.clients.some(({ connections }) => connections !== 1)) failures.push('a line was cut');
  const outcome = await siege.end();
  await gate.stop();
  const wrong = [...new Set(failures.filter(Boolean))];
  return summed([outcome, { rounds: repeats * (OFFENCES.length + 1), failures: wrong }]);
}

export const badFrames: Scenario = {
  name: 'bad-frames',
  title: 'frames that nobody may send: too large, unmasked, in pieces, not UTF-8, compressed',
  play,
};
