/** A data directory says what version it is of, and a newer one is refused with a sentence. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DATA_FORMAT,
  DirectoryUnwritable,
  dataDirectory,
  existingDirectory,
} from '#engine/store/index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-format-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const formatFile = () => readFileSync(join(root, 'format'), 'utf8');

describe('a data directory', () => {
  // Node's own recursive mkdir never comes back from the first.
  it.each(['/proc/none/here', '/dev/null/none'])('that cannot be made is refused: %s', (path) => {
    expect(() => dataDirectory(path)).toThrow(DirectoryUnwritable);
  });
});

describe('the format of a data directory', () => {
  it('is written when it is made, and when an older one is opened to write', () => {
    dataDirectory(root);
    expect(formatFile()).toBe(`${DATA_FORMAT}\n`);
    rmSync(join(root, 'format'));
    existingDirectory(root);
    expect(() => formatFile()).toThrow();
    dataDirectory(root);
    expect(formatFile()).toBe(`${DATA_FORMAT}\n`);
  });

  it.each([`${DATA_FORMAT + 1}\n`, 'x', '', '0'])('%j is refused, nothing touched', (text) => {
    dataDirectory(root);
    writeFileSync(join(root, 'format'), text);
    rmSync(join(root, 'locks'), { recursive: true });
    const before = readdirSync(root);
    expect(() => dataDirectory(root)).toThrow('Open it with the version that wrote it');
    expect(() => existingDirectory(root)).toThrow(root);
    expect([readdirSync(root), formatFile()]).toEqual([before, text]);
  });
});
