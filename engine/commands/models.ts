/**
 * `clickday models`: what can be filled in, and whether a models directory can be used. Another
 * call is data: this is where whoever writes it hears what is wrong, by file, place and sentence.
 */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { createAudit, createCalendar, loadOrCreateKey } from '#engine/portal/index.ts';
import {
  type Fault,
  FOLDERS,
  faultLine,
  loadModels,
  ModelsInvalid,
  modelsFaults,
} from '#engine/portal/models/index.ts';
import { openDatabase } from '#engine/store/database/index.ts';
import { takeLock } from '#engine/store/index.ts';
import { readConfig, text } from '../config.ts';
import { commandContext, emit, Refused, say } from './context.ts';

interface Flags {
  readonly data?: string;
  readonly models?: string;
  readonly json?: boolean;
}

/** Prints the models that are offered, in the order of the call. */
export async function listModels(flags: Flags): Promise<void> {
  const models = loadModels(text(readConfig({ models: flags.models }), 'models'));
  for (const { code, version, title, pages } of models.list()) {
    const row = { code, version, title: title.en, titleIt: title.it, pages: pages.length };
    if (flags.json) emit(row);
    else
      process.stdout.write(`${code}  version ${version} · ${pages.length} pages · ${title.en}\n`);
  }
}

/**
 * Enters the click days of a calendar, with their rules, on a data directory that no portal serves.
 * A day that is there already is refused and nothing is entered.
 */
export async function planCalendar(name: string, flags: Flags): Promise<void> {
  const config = readConfig({ data: flags.data, models: flags.models });
  const models = loadModels(text(config, 'models'));
  const days = models.calendar(name);
  if (days === undefined) {
    const known = models.calendarNames().join(', ');
    throw new Refused('USAGE', `there is no calendar ${name}; there are ${known}`);
  }
  const { clock, directory, random } = commandContext(config, 'models');
  const lock = takeLock(directory.lock('portal'));
  const database = openDatabase(directory.database);
  try {
    const key = loadOrCreateKey(directory.portalKey);
    const audit = createAudit({ database, clock, random });
    const calendar = createCalendar({ database, clock, key, audit, notice: directory });
    const known = days.find(({ id }) => calendar.byId(id) !== undefined);
    if (known) throw new Refused('CLICK_DAY_EXISTS', `there is a click day ${known.id} already`);
    for (const { rules, ...day } of days) {
      calendar.create(null, { ...day, rules: [...rules] });
      if (flags.json) emit({ id: day.id, opensAt: day.opensAt, closesAt: day.closesAt });
      else say(`${day.id} opens at ${day.opensAt}: ${day.name.en}`);
    }
  } finally {
    database.close();
    lock.release();
  }
}

/** Status 0 when nothing is wrong with `path`, 1 with every fault, 2 when it is not there. */
export async function checkModels(path: string, flags: Flags): Promise<void> {
  if (!existsSync(path)) throw new Refused('USAGE', `${path} is not there`);
  const isFile = statSync(path).isFile();
  const directory = isFile ? directoryOf(path) : path;
  const faults = faultsOf(directory).filter((fault) => !isFile || concerns(path, fault));
  for (const fault of faults) {
    if (flags.json) emit(fault);
    else process.stdout.write(`${faultLine(fault)}\n`);
  }
  if (faults.length > 0) {
    const count = faults.length === 1 ? '1 thing is' : `${faults.length} things are`;
    throw new Refused('MODELS_INVALID', `${count} wrong with ${path}`);
  }
  say(`${path}: nothing is wrong`);
}

/** A file is checked within its directory: a definition means nothing without its pages. */
function directoryOf(path: string): string {
  const folder = dirname(resolve(path));
  return FOLDERS.some((name) => name === basename(folder)) ? dirname(folder) : folder;
}

function faultsOf(directory: string): readonly Fault[] {
  try {
    return modelsFaults(directory);
  } catch (error) {
    if (error instanceof ModelsInvalid) return error.faults;
    throw error;
  }
}

function concerns(path: string, { file }: Fault): boolean {
  return resolve(path).endsWith(`/${file}`);
}
