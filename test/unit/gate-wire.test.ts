/** The end of a client that does not read, decided by what the socket library answers to `send`. */
import { describe, expect, it } from 'vitest';
import { manualTimers } from '#engine/clock/index.ts';
import { SocketWire } from '#engine/gate/wire.ts';

const SENT = 1;
const KEPT = 0;
const DROPPED = 2;

function stage(answer: number) {
  const timers = manualTimers();
  const state = { closed: 0 };
  const socket = {
    send: () => answer,
    end: () => undefined,
    close: () => {
      state.closed += 1;
    },
    cork: (work: () => void) => work(),
  };
  return { timers, state, wire: new SocketWire(socket, timers) };
}

describe('a wire', () => {
  it('closes the socket after an answer was dropped, once the write under way is over', () => {
    const { timers, state, wire } = stage(DROPPED);
    wire.cork(() => wire.send('answer'));
    expect(state.closed).toBe(0);
    timers.runImmediates();
    expect(state.closed).toBe(1);
  });

  it.each([SENT, KEPT])('leaves a socket open that took the answer (%i)', (answer) => {
    const { timers, state, wire } = stage(answer);
    wire.send('answer');
    timers.runImmediates();
    expect(state.closed).toBe(0);
  });

  it('does not touch a socket that is gone by then', () => {
    const { timers, state, wire } = stage(DROPPED);
    wire.send('answer');
    wire.gone();
    timers.runImmediates();
    expect(state.closed).toBe(0);
  });
});
