/**
 * Peer: Node's `ws` before one append-only file of JSON lines with group commit: while one
 * fdatasync runs the next batch gathers, and a batch is answered when its fdatasync returned.
 * `order.store` is a folder; the file is `entries.ndjson` in it. Prints its port.
 */
import { fdatasync, openSync, write } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type WebSocket, WebSocketServer } from 'ws';
import { createIntake, type Intake, type Lines, numbered, readOrder } from '#bench/peers/intake.ts';

const writeBytes = promisify(write);
const syncData = promisify(fdatasync);

/** Appends text durably; callers of one batch share one write and one fdatasync. */
function createFileLog(path: string) {
  const file = openSync(path, 'a');
  let gathering: { lines: string[]; done: PromiseWithResolvers<void> } | undefined;
  let writing = false;
  const commit = async () => {
    writing = true;
    while (gathering !== undefined) {
      const { lines, done } = gathering;
      gathering = undefined;
      const bytes = Buffer.from(lines.join(''), 'utf8');
      try {
        const { bytesWritten } = await writeBytes(file, bytes);
        if (bytesWritten !== bytes.length) throw new Error('a short write');
        await syncData(file);
        done.resolve();
      } catch (cause) {
        done.reject(cause);
      }
    }
    writing = false;
  };
  return (line: string): Promise<void> => {
    gathering ??= { lines: [], done: Promise.withResolvers<void>() };
    gathering.lines.push(line);
    const { promise } = gathering.done;
    if (!writing) {
      writing = true;
      setImmediate(() => void commit());
    }
    return promise;
  };
}

interface Frame {
  readonly type?: string;
  readonly passbooks?: readonly string[];
  readonly application?: string;
}

function serve(socket: WebSocket, intake: Intake) {
  const mine = new Map<string, Lines>();
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  const hello = (passbooks: readonly string[]) => {
    for (const token of passbooks) {
      const lines = intake.passbook(token);
      if (lines === undefined) return socket.close(4403);
      for (const id of lines.keys()) mine.set(id, lines);
    }
    return send({ type: 'welcome', gate: 'p1', applications: mine.size, clickDays: [] });
  };
  const submit = (application: string) => {
    const refuse = (code: string) => send({ type: 'rejected', application, code });
    const lines = mine.get(application);
    const outcome = lines === undefined ? 'UNKNOWN_APPLICATION' : intake.submit(lines, application);
    if (typeof outcome === 'string') return refuse(outcome);
    return outcome.then(
      (accepted) => send({ type: 'accepted', ...accepted }),
      () => refuse('STORAGE_UNAVAILABLE'),
    );
  };
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.type === 'hello') hello(frame.passbooks ?? []);
    else if (frame.type === 'submit') void submit(frame.application ?? '');
  });
}

const order = readOrder();
const append = createFileLog(join(order.store, 'entries.ndjson'));
const intake = createIntake(
  order,
  numbered((entry) => append(`${JSON.stringify(entry)}\n`)),
);
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => serve(socket, intake));
server.on('listening', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
