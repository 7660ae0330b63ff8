/** A WebSocket that speaks bytes: frames that no library would send, lines cut at any moment. */
import { connect, type Socket } from 'node:net';
import { afterUpgrade, upgradeRequest } from '#bench/drivers/handshake.ts';

export interface FrameParts {
  readonly opcode: number;
  readonly payload: Buffer | string;
  readonly isFinal?: boolean;
  /** Reserved bits, 1 to 7. */
  readonly reserved?: number;
  readonly isMasked?: boolean;
  /** What the head says instead of the payload's own length. */
  readonly length?: number;
}

/** A client's frame (RFC 6455 §5.2), right or wrong. */
export function frameOf(parts: FrameParts): Buffer {
  const { opcode, isFinal = true, reserved = 0, isMasked = true } = parts;
  const payload = Buffer.from(parts.payload);
  const length = parts.length ?? payload.length;
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = Buffer.from([1, 2, 3, 4]);
  const masked = isMasked ? payload.map((byte, at) => byte ^ mask[at % 4]!) : payload;
  return Buffer.concat([headOf(first, length, isMasked), isMasked ? mask : Buffer.of(), masked]);
}

function headOf(first: number, length: number, isMasked: boolean): Buffer {
  const bit = isMasked ? 0x80 : 0;
  if (length < 126) return Buffer.from([first, bit | length]);
  if (length < 65_536) {
    const head = Buffer.from([first, bit | 126, 0, 0]);
    head.writeUInt16BE(length, 2);
    return head;
  }
  const head = Buffer.concat([Buffer.from([first, bit | 127]), Buffer.alloc(8)]);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const;

/** A line to a gate, past the upgrade. */
export class RawClient {
  readonly socket: Socket;
  /** All that came after the upgrade. */
  received = Buffer.alloc(0);
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes]);
    });
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** Rejects with the first line of the answer when the gate refuses the upgrade. */
  static open(port: number): Promise<RawClient> {
    const target = { host: '127.0.0.1', port, path: '/v1/submissions' };
    const socket = connect({ host: target.host, port });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      let text = '';
      const upgraded = (bytes: Buffer) => {
        text += bytes.toString('latin1');
        const rest = restOf(text);
        if (rest === undefined) return;
        if (rest instanceof Error) {
          socket.destroy();
          return reject(rest);
        }
        socket.off('data', upgraded);
        const client = new RawClient(socket);
        client.received = Buffer.from(rest, 'latin1');
        resolve(client);
      };
      socket.on('data', upgraded);
      socket.write(upgradeRequest(target));
    });
  }

  send(...frames: readonly FrameParts[]): void {
    this.socket.write(Buffer.concat(frames.map(frameOf)));
  }

  say(message: object): void {
    this.send({ opcode: OPCODE.text, payload: JSON.stringify(message) });
  }

  /** Code of the gate's close frame; undefined when the line ended without one. */
  closeCode(): number | undefined {
    const at = this.received.lastIndexOf(0x88);
    return at < 0 || at + 4 > this.received.length ? undefined : this.received.readUInt16BE(at + 2);
  }
}

function restOf(text: string): string | Error | undefined {
  try {
    return afterUpgrade(text);
  } catch (refusal) {
    return refusal as Error;
  }
}
