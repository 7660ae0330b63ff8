/**
 * Where a guess comes from: the device, when it once logged in to that account, else its network.
 * So who shares an address with a guesser (an office, a telephone network) is still let in.
 *
 * The mark of a device is a cookie with a random number, signed for that account's address. It
 * opens nothing; who steals it has a few guesses of their own.
 */
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Random } from '../../foundation/random.ts';
import { isUnlimited } from '../http/limits.ts';
import type { PortalLimits } from '../settings.ts';
import type { Vault } from './vault.ts';

export interface Places {
  /** Null: free of limits. */
  of(request: FastifyRequest, email: string): string | null;
  /** After a browser logged in: remembers it. */
  mark(request: FastifyRequest, reply: FastifyReply, email: string): void;
}

const MARK = /^([\w-]{22})\.([\w-]{43})$/;
const NUMBER_BYTES = 16;
const KEPT_S = 180 * 24 * 3600;

export function createPlaces(parts: {
  readonly vault: Vault;
  readonly random: Random;
  readonly limits: PortalLimits;
  readonly isSecure: boolean;
}): Places {
  const { vault, random, limits, isSecure } = parts;
  const cookieName = `${isSecure ? '__Host-' : ''}clickday-device`;
  const cookie: CookieSerializeOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    maxAge: KEPT_S,
  };
  const signatureOf = (number: string, email: string) => vault.sign(`device ${number} ${email}`);
  const deviceOf = (request: FastifyRequest, email: string) => {
    const [, number, signature] = MARK.exec(request.cookies[cookieName] ?? '') ?? [];
    if (number === undefined) return undefined;
    return signature === signatureOf(number, email) ? number : undefined;
  };
  return {
    of: (request, email) => {
      if (isUnlimited(request, limits)) return null;
      const device = deviceOf(request, email);
      return device === undefined ? `network ${networkOf(request.ip)}` : `device ${device}`;
    },
    mark: (request, reply, email) => {
      if (deviceOf(request, email) !== undefined) return;
      const number = random.bytes(NUMBER_BYTES).toString('base64url');
      reply.setCookie(cookieName, `${number}.${signatureOf(number, email)}`, cookie);
    },
  };
}

/** An IPv4 address, or the /64 of an IPv6 address: what one household has. */
export function networkOf(ip: string): string {
  if (!ip.includes(':') || ip.startsWith('::ffff:')) return ip.replace('::ffff:', '');
  const [head = '', tail] = ip.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...(tail === undefined ? [] : zeros), ...right].slice(0, 4).join(':');
}
