/** What `clickday import-history --help` says of its file; apart, so that it loads nothing else. */
import { historyColumns } from '#protocol/history.ts';

const COLUMN_WIDTH = 24;

/** For `--help`. */
export function historyHelp(): string {
  const lines = historyColumns.map(({ name, isRequired, what }) => {
    return `  ${name.padEnd(COLUMN_WIDTH)}${isRequired ? '* ' : '  '}${what}`;
  });
  return `
Columns of a CSV file (comma or semicolon, names in the first line, UTF-8), or members of the
objects of an NDJSON file; * must be there:
${lines.join('\n')}

An application is known by year and protocol. Stopped, it goes on where it was when the same file is
imported again; imported twice, nothing is there twice; a line that says otherwise about the same
application replaces it. Of each refused line the number, the code and the column go to
FILE.refused.ndjson. Status 1 when a line was refused; the others are in.`;
}
