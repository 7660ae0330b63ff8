/** The seal that a portal's receipts get: of the configured PKCS#12 file, or a test key. */
import { readFileSync } from 'node:fs';
import type { Log } from '#engine/foundation/log.ts';
import type { Random } from '#engine/foundation/random.ts';
import {
  describeSeal,
  openSeals,
  Pkcs12Unreadable,
  readPkcs12,
  type SealKey,
  type SealMaking,
  type SealMaterial,
  SealUnusable,
} from '#engine/receipts/index.ts';
import { type Config, ConfigInvalid, text } from '../config.ts';

const SERIAL_BYTES = 16;

interface Parts {
  /** The file of seals in the data directory. */
  readonly path: string;
  readonly nowUs: number;
  readonly random: Random;
  readonly log: Log;
}

/** Throws ConfigInvalid when the file, its password or its certificate cannot be used. */
export function sealFor(config: Config, { path, nowUs, random, log }: Parts): SealMaterial {
  const file = text(config, 'sealP12');
  try {
    const material = openSeals(path, sealMaking(config, nowUs, random), p12In(config));
    const { subject, fingerprint, validToUs } = describeSeal(material);
    log.info({ subject, fingerprint, isTest: material.isTest }, 'receipts get this seal');
    if (validToUs < nowUs) log.error({ subject }, 'the certificate of the seal has expired');
    return material;
  } catch (error) {
    if (error instanceof SealUnusable) throw new ConfigInvalid(error.message, { cause: error });
    if (!(error instanceof Pkcs12Unreadable)) throw error;
    throw new ConfigInvalid(`${file} cannot be used: ${error.message}`, { cause: error });
  }
}

/** For a test key that has to be made. */
export function sealMaking(config: Config, nowUs: number, random: Random): SealMaking {
  const organization = text(config, 'sealOrganization');
  return { organization, nowUs, serial: random.bytes(SERIAL_BYTES) };
}

function p12In(config: Config): SealKey | undefined {
  const file = text(config, 'sealP12');
  if (file === '') return undefined;
  const passwordFile = text(config, 'sealPasswordFile');
  const password =
    passwordFile === ''
      ? text(config, 'sealPassword')
      : readOf(passwordFile, 'CLICKDAY_SEAL_PASSWORD_FILE')
          .toString()
          .replace(/\r?\n$/, '');
  return readPkcs12(readOf(file, 'CLICKDAY_SEAL_P12'), password);
}

function readOf(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigInvalid(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
