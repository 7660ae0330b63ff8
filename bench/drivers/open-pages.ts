/**
 * Open pages that hear of changes: one stream of `GET /api/events` each, on a bare socket. Of what
 * they hear only the names of events and two states are looked for.
 */
import { sharedReadBuffer } from '#bench/drivers/http-client.ts';
import { RawSocket } from '#bench/drivers/raw-socket.ts';

export interface OpenPages {
  /** How many were told of a submission so far, and when the last of them was, monotonic ms. */
  told(): { readonly count: number; readonly lastMs: number };
  /** Pages whose stream was refused or has ended. */
  lost(): number;
  close(): void;
}

const AT_A_TIME = 200;
const LOOK_MS = 5;

/** Opens a page for each session; resolves when each has heard its first event or is lost. */
export async function openPages(url: string, sessions: readonly string[]): Promise<OpenPages> {
  const { host: authority, hostname: host, port } = new URL(url);
  const readBuffer = sharedReadBuffer();
  const pages = sessions.map(() => ({ isOpen: false, isTold: false, isLost: false }));
  const sockets: RawSocket[] = [];
  let [settled, told, lost, lastMs, isClosing] = [0, 0, 0, Number.NaN, false];
  const lose = (page: (typeof pages)[number]) => {
    if (page.isLost || isClosing) return;
    page.isLost = true;
    lost += 1;
    if (!page.isOpen) settled += 1;
  };
  for (const [at, session] of sessions.entries()) {
    while (at - settled >= AT_A_TIME) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const page = pages[at]!;
    const socket = new RawSocket({
      ...{ host, port: Number(port), localAddress: '127.0.0.1', readBuffer },
      onRead: (bytes, length) => {
        const text = bytes.toString('latin1', 0, length);
        if (!page.isOpen && text.startsWith('HTTP/1.1 200')) {
          page.isOpen = true;
          settled += 1;
        } else if (!page.isOpen) {
          lose(page);
        }
        if (page.isTold || !text.includes('"status":"submitted"')) return;
        page.isTold = true;
        told += 1;
        lastMs = performance.now();
      },
      onEnd: () => lose(page),
    });
    sockets.push(socket);
    const head = `GET /api/events HTTP/1.1\r\nhost: ${authority}\r\n`;
    socket.write(`${head}cookie: clickday=${session}\r\n\r\n`);
  }
  while (settled < sessions.length) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return {
    told: () => ({ count: told, lastMs }),
    lost: () => lost,
    close: () => {
      isClosing = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
