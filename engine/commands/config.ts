/** `clickday config`: every key with unit, default, value in force and effect. */
import { type ConfigKey, configKeys, environmentName, flagName, readConfig } from '../config.ts';
import { emit } from './context.ts';

export function printConfig(flags: Readonly<Record<string, string | undefined>>): void {
  const config = readConfig(flags);
  const rows = configKeys.map((item: ConfigKey) => ({
    key: environmentName(item.name),
    flag: flagName(item.name),
    unit: item.unit,
    default: item.default,
    value: shown(item, config[item.name] ?? ''),
    effect: item.effect,
  }));
  for (const row of rows) {
    if (flags.json) emit(row);
    else {
      const value = row.value === '' ? '(empty)' : row.value;
      const initial = row.default === '' ? 'empty' : row.default;
      process.stdout.write(`${row.key}  ${row.flag}\n`);
      process.stdout.write(`    value ${value} · default ${initial} · ${row.unit}\n`);
      process.stdout.write(`    ${row.effect}\n`);
    }
  }
}

/** A secret, or a password inside a URL, is never printed. */
function shown({ secret }: ConfigKey, value: string): string {
  if (secret) return value === '' ? '' : '…';
  return value.replace(/(:\/\/[^:@/]*:)[^@/]*@/, '$1…@');
}
