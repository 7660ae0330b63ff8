/**
 * The account room: its parts made and given to each other, and its routes. What each part
 * promises stands at the head of its file.
 */
import type { Random } from '../../foundation/random.ts';
import type { MailRoom } from '../../mail/index.ts';
import type { Database } from '../../store/database/index.ts';
import { createAudit } from '../control-room/audit.ts';
import type { Limiters } from '../http/limits.ts';
import type { Server } from '../http/server.ts';
import type { Sessions } from '../session/index.ts';
import { createOwnSessions } from '../session/own-sessions.ts';
import type { PortalConfig } from '../settings.ts';
import { createAddressService } from './address.ts';
import { createDeletion } from './deletion.ts';
import { deletionRoutes } from './deletion-routes.ts';
import { createGuesses } from './guesses.ts';
import { createLinks } from './links.ts';
import { ownAccountRoutes } from './own-routes.ts';
import { createPasswords } from './passwords.ts';
import { createPlaces } from './places.ts';
import { createPost } from './post.ts';
import { createPasswordReset } from './reset.ts';
import { accountRoutes } from './routes.ts';
import { createSecondFactor } from './second-factor.ts';
import { resetSecondFactor } from './second-factor-reset.ts';
import { secondFactorRoutes } from './second-factor-routes.ts';
import { createAccountService } from './service.ts';
import type { Vault } from './vault.ts';

export interface AccountRoomParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly mail: MailRoom;
  readonly vault: Vault;
  readonly sessions: Sessions;
  readonly config: PortalConfig;
  readonly publicUrl: () => string;
}

export type AccountRoom = ReturnType<typeof createAccountRoom>;

/** The parts of the room. */
export function createAccountRoom(parts: AccountRoomParts) {
  const { mail, random, config, clock } = parts;
  const { limits } = config;
  const audit = createAudit(parts);
  const post = createPost(mail);
  const links = createLinks(parts);
  const passwords = createPasswords(random);
  const given = { ...parts, limits, audit, post, links, passwords };
  const isStaffBound = config.isStaffBoundToSecondFactor;
  const secondFactor = createSecondFactor({ ...given, isStaffBound });
  const accounts = createAccountService({ ...given, secondFactor });
  const reset = createPasswordReset({ ...given, lifeMs: limits.resetLinkMs });
  const deletion = createDeletion({ ...given, graceMs: limits.deletionMs });
  const address = createAddressService({
    ...{ ...given, secondFactor, reset },
    stopDeletion: deletion.stop,
    linkMs: limits.linkMs,
    undoMs: limits.addressUndoMs,
  });
  const ownSessions = createOwnSessions(parts);
  const guesses = createGuesses(clock, limits);
  return { ...given, accounts, secondFactor, reset, deletion, address, ownSessions, guesses };
}

/** Adds the routes of the room. */
export function accountRoomRoutes(
  server: Server,
  room: AccountRoom,
  web: { readonly limiters: Limiters; readonly cookieName: string; readonly isSecure: boolean },
): void {
  const { limits, sessions, mail } = room;
  const places = createPlaces({ ...room, isSecure: web.isSecure });
  const { cookieSessionMs } = limits;
  const parts = { ...room, ...web, places, cookieSessionMs, wake: () => mail.wake() };
  accountRoutes(server, parts);
  ownAccountRoutes(server, parts);
  deletionRoutes(server, parts);
  const closeSessions = (account: string) => sessions.closeAll(account);
  const resetFor = (wish: Parameters<typeof resetSecondFactor>[1]) =>
    resetSecondFactor({ ...room, closeSessions }, wish);
  secondFactorRoutes(server, { ...parts, resetFor });
}
