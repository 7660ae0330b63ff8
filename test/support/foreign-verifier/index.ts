/** The verifier in Go beside this file, built once a test run, and what it says. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCE = fileURLToPath(new URL('main.go', import.meta.url));
/** Where Debian's packages of Go libraries lie. */
const LIBRARIES = '/usr/share/gocode';

export interface ForeignVerifier {
  /** What it prints. Rejects with what it objects to. */
  verify(logUrl: string, key: string, olderCheckpointFile?: string): Promise<string>;
  /** As verify; every checkpoint must also be cosigned by this witness. */
  verifyWitnessed(witness: string, ...verify: Parameters<this['verify']>): Promise<string>;
}

export function buildForeignVerifier(): ForeignVerifier {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-verifier-'));
  const program = join(folder, 'verifier');
  const go = { GO111MODULE: 'off', GOPATH: LIBRARIES, GOCACHE: join(folder, 'cache') };
  execFileSync('go', ['build', '-o', program, SOURCE], { env: { ...process.env, ...go } });
  const run = async (words: readonly (string | undefined)[]) => {
    const given = words.filter((word) => word !== undefined);
    const { stdout } = await promisify(execFile)(program, given);
    return stdout.trim();
  };
  return {
    verify: (...words) => run(words),
    verifyWitnessed: (witness, ...words) => run(['-witness', witness, ...words]),
  };
}
