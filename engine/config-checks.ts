/** What the text of a configuration key must be: each check gives a sentence when it is not. */

/** A sentence when the text is not a value, else undefined. */
export type ValueCheck = (text: string) => string | undefined;

export function integer(min: number, max: number): ValueCheck {
  return (text) => {
    const value = Number(text);
    const isFine = /^\d+$/.test(text) && value >= min && value <= max;
    return isFine ? undefined : `must be a whole number from ${min} to ${max}`;
  };
}

export function oneOf(...values: readonly string[]): ValueCheck {
  return (text) => (values.includes(text) ? undefined : `must be one of ${values.join(', ')}`);
}

const ADDRESS = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/;

export function checkAddress(text: string): string | undefined {
  const port = Number(ADDRESS.exec(text)?.[1] ?? Number.NaN);
  return port <= 65_535 ? undefined : 'must be HOST:PORT, for example 127.0.0.1:8080';
}

export function checkRoles(text: string): string | undefined {
  const isFine = text.split(',').every((role) => role === 'portal' || role === 'gate');
  return isFine ? undefined : 'must be portal, gate or portal,gate';
}

export function checkGateId(text: string): string | undefined {
  const isFine = /^[a-z0-9][a-z0-9-]{0,31}$/.test(text);
  return isFine ? undefined : 'must be 1 to 32 of a-z, 0-9 and -';
}

export function checkUrl(...schemes: readonly string[]): ValueCheck {
  return (text) => {
    if (text === '') return undefined;
    const isFine = URL.canParse(text) && schemes.includes(new URL(text).protocol);
    return isFine ? undefined : `must be a URL with ${schemes.join(' or ')}`;
  };
}

/** A later version's key: setting it is refused rather than silently ignored. */
export function checkNotYet(text: string): string | undefined {
  return text === '' ? undefined : 'is not supported by this version: leave it empty';
}
