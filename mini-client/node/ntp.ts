/** One question to a time server over UDP. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { NTP_NONCE_BYTES, ntpQuestion, readNtpAnswer } from '#protocol/ntp-packet.ts';
import type { ClientClock } from '../core/index.ts';
import type { NtpExchange } from '../self-test/index.ts';

const ANSWER_MS_MAX = 2_000;
const PORT = 123;

/** `server` is `host[:port]`. Undefined: no answer in time, or none that can be believed. */
export async function askNtp(server: string, clock: ClientClock): Promise<NtpExchange | undefined> {
  const [host = '', port = String(PORT)] = server.split(':');
  const address = await lookup(host).catch(() => undefined);
  if (address === undefined) return undefined;
  const nonce = randomBytes(NTP_NONCE_BYTES);
  const socket = createSocket(address.family === 6 ? 'udp6' : 'udp4');
  return new Promise<NtpExchange | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ANSWER_MS_MAX);
    let sentAtUs = 0;
    socket.on('error', () => resolve(undefined));
    socket.on('message', (bytes) => {
      const receivedAtUs = clock.nowUs();
      const answer = readNtpAnswer(bytes, nonce);
      if (answer === undefined) return;
      clearTimeout(timer);
      resolve({ ...answer, sentAtUs, receivedAtUs });
    });
    socket.connect(Number(port), address.address, () => {
      sentAtUs = clock.nowUs();
      socket.send(ntpQuestion(nonce));
    });
  }).finally(() => socket.close());
}
