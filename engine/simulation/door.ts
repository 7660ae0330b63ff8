/**
 * What stands in for the socket library: the gate's own code registers its handlers here as it does
 * with uWebSockets.js, and is called by the simulated network. Like the library it throws when a
 * closed socket is touched.
 */
import type {
  HttpRequest,
  HttpResponse,
  TemplatedApp,
  WebSocket,
  WebSocketBehavior,
} from 'uWebSockets.js';
import type { Link } from './link.ts';

type Behaviour = WebSocketBehavior<unknown>;

export interface Door {
  /** What the gate takes for the socket library. */
  readonly app: TemplatedApp;
  /** A device has connected. */
  accept(link: Link): GateSocket;
}

const SENT = 1;
const PATH = '/v1/submissions';

export function createDoor(): Door {
  const behaviours = new Map<string, Behaviour>();
  const app: unknown = new Proxy(
    {},
    {
      get: (_, name) => (path: string, behaviour: Behaviour) => {
        if (name === 'ws') behaviours.set(path, behaviour);
        return app;
      },
    },
  );
  return {
    app: app as TemplatedApp,
    accept: (link) => new GateSocket(link, behaviours.get(PATH) as Behaviour),
  };
}

/** The gate's end of a connection. */
export class GateSocket {
  isOpen = true;
  readonly #link: Link;
  readonly #behaviour: Behaviour;
  readonly #socket: WebSocket<unknown>;

  constructor(link: Link, behaviour: Behaviour) {
    this.#link = link;
    this.#behaviour = behaviour;
    const data = dataOf(behaviour);
    const address = Buffer.from(`sim:${link.device}`);
    this.#socket = {
      getUserData: () => data,
      getRemoteAddressAsText: () => address,
      send: (frame: string | Uint8Array) => this.#send(frame),
      end: (code: number, reason: string) => this.#end(code, reason),
      close: () => this.#end(1006, ''),
      cork: (work: () => void) => work(),
    } as unknown as WebSocket<unknown>;
    behaviour.open?.(this.#socket);
  }

  received(text: string): void {
    if (!this.isOpen) return;
    const bytes = new TextEncoder().encode(text);
    void this.#behaviour.message?.(this.#socket, bytes.buffer as ArrayBuffer, false);
  }

  /** The device's end is closed. */
  closed(code: number): void {
    this.#end(code, '');
  }

  #send(frame: string | Uint8Array): number {
    this.#mustBeOpen();
    this.#link.sendToDevice(typeof frame === 'string' ? frame : Buffer.from(frame).toString());
    return SENT;
  }

  #end(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#behaviour.close?.(this.#socket, code, new ArrayBuffer(0));
    this.#link.gateClosed(code, reason);
  }

  #mustBeOpen(): void {
    if (!this.isOpen) throw new Error('Invalid access of closed uWS.WebSocket');
  }
}

/** What the gate remembers of a connection, as its `upgrade` hands it over. */
function dataOf(behaviour: Behaviour): unknown {
  let data: unknown;
  const response = {
    upgrade: (given: unknown) => {
      data = given;
    },
  };
  const request = { getHeader: () => '' };
  void behaviour.upgrade?.(
    response as unknown as HttpResponse,
    request as unknown as HttpRequest,
    undefined as never,
  );
  return data;
}
