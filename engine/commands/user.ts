/**
 * `clickday user add`: a staff account; the one-time set-up link goes to standard output.
 * `clickday user reset-second-factor`: for who lost telephone and recovery codes, staff included.
 */
import { createStaffAccount, resetLostSecondFactor } from '#engine/portal/index.ts';
import { openDatabase } from '#engine/store/database/index.ts';
import { address, readConfig, text } from '../config.ts';
import { commandContext, emit, Refused, say } from './context.ts';

export function userAdd(flags: {
  data?: string;
  publicUrl?: string;
  portal?: string;
  email: string;
  role: 'admin' | 'operator' | 'office';
  office?: string;
  json?: boolean;
}): void {
  if (flags.role === 'office' && !/^[A-Z0-9][A-Z0-9-]{0,31}$/.test(flags.office ?? '')) {
    throw new Refused('OFFICE_MISSING', 'an office account needs --office, for example RM');
  }
  const given = { data: flags.data, publicUrl: flags.publicUrl, portal: flags.portal };
  const config = readConfig(given);
  const { clock, directory, random } = commandContext(config, 'user');
  const { host, port } = address(config, 'portal');
  const publicUrl = text(config, 'publicUrl').replace(/\/$/, '') || `http://${host}:${port}`;
  const database = openDatabase(directory.database);
  try {
    const { email, role, office } = flags;
    const made = createStaffAccount(
      { database, clock, random, publicUrl },
      { email, role, office },
    );
    say(`Account for ${email} (${role}). Open this link once, within 72 hours:`);
    if (flags.json) emit({ email, role, link: made.link });
    else process.stdout.write(`${made.link}\n`);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== 'EMAIL_INVALID' && code !== 'FORBIDDEN') throw error;
    throw new Refused(code, refusals[code]);
  } finally {
    database.close();
  }
}

const refusals = {
  EMAIL_INVALID: 'that is not an e-mail address',
  FORBIDDEN: 'this address already has an account',
} as const;

export function userResetSecondFactor(flags: {
  data?: string;
  email: string;
  reason: string;
  json?: boolean;
}): void {
  const { email, reason } = flags;
  const config = readConfig({ data: flags.data });
  const { clock, directory, random } = commandContext(config, 'user');
  const database = openDatabase(directory.database);
  try {
    resetLostSecondFactor({ database, clock, random }, { email, reason });
    say(`Second factor of ${email} removed; the portal will mail a notice.`);
    if (flags.json) emit({ email, reset: true });
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== 'NOT_FOUND' && code !== 'SECOND_FACTOR_OFF') throw error;
    throw new Refused(code, resetRefusals[code]);
  } finally {
    database.close();
  }
}

const resetRefusals = {
  NOT_FOUND: 'no account has this address',
  SECOND_FACTOR_OFF: 'this account has no second factor',
} as const;
