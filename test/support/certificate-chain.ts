/**
 * A root, an intermediate below it and a seal below that, made by OpenSSL in a folder as PEM files,
 * and PKCS#12 files of the seal: what an authority would hand out.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NEW_KEYS = {
  rsa: ['-newkey', 'rsa:2048'],
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
} as const;

export class CertificateChain {
  readonly #folder: string;
  readonly #kind: keyof typeof NEW_KEYS;

  constructor(folder: string, kind: keyof typeof NEW_KEYS) {
    this.#folder = folder;
    this.#kind = kind;
    this.#make();
  }

  /** The root's certificate, which the PKCS#12 files have and a seal leaves out. */
  get root(): string {
    return this.#at('root.pem');
  }

  /** Key, certificate and chain in one file, in the form of these words of `openssl pkcs12`. */
  pkcs12(password: string, form: readonly string[] = []): Buffer {
    openssl(
      ...['pkcs12', '-export', '-in', this.#at('seal.pem'), '-inkey', this.#at('seal.key')],
      ...['-certfile', this.#at('chain.pem'), '-passout', `pass:${password}`, ...form],
      ...['-out', this.#at('seal.p12')],
    );
    return readFileSync(this.#at('seal.p12'));
  }

  #make(): void {
    this.#request('root', '/C=IT/CN=Root');
    this.#issue('root', 'root', 'basicConstraints=critical,CA:TRUE');
    this.#request('middle', '/C=IT/CN=Middle');
    this.#issue('middle', 'root', 'basicConstraints=critical,CA:TRUE');
    this.#request('seal', '/C=IT/O=Ministero/CN=Seal');
    this.#issue('seal', 'middle', 'keyUsage=critical,digitalSignature,nonRepudiation');
    const chain = ['root', 'middle'].map((name) => readFileSync(this.#at(`${name}.pem`)));
    writeFileSync(this.#at('chain.pem'), Buffer.concat(chain));
  }

  #request(name: string, subject: string): void {
    openssl(
      ...['req', '-new', ...NEW_KEYS[this.#kind], '-nodes', '-subj', subject],
      ...['-keyout', this.#at(`${name}.key`), '-out', this.#at(`${name}.csr`)],
    );
  }

  #issue(name: string, by: string, extensions: string): void {
    writeFileSync(this.#at(`${name}.ext`), extensions);
    const signer =
      name === by
        ? ['-signkey', this.#at(`${by}.key`)]
        : ['-CA', this.#at(`${by}.pem`), '-CAkey', this.#at(`${by}.key`), '-CAcreateserial'];
    openssl(
      ...['x509', '-req', '-in', this.#at(`${name}.csr`), '-days', '30', ...signer],
      ...['-extfile', this.#at(`${name}.ext`), '-out', this.#at(`${name}.pem`)],
    );
  }

  #at(name: string): string {
    return join(this.#folder, `${this.#kind}-${name}`);
  }
}

/** Runs OpenSSL; throws with what it said. */
export function openssl(...words: string[]): Buffer {
  return execFileSync('openssl', words, { stdio: 'pipe' });
}
