/**
 * In a process that a test starts: takes a program as `programs.ts` built it in place of its
 * sources. A process with hooks of its own (`--import`: a control that replaces a module) is left
 * alone, and so is whatever was not built.
 */
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const BUILT = new URL('../../', import.meta.url);
const ROOT = new URL('../../../', BUILT);
const PROGRAMS = ['engine/main', 'mini-client/program'];

if (isMainThread && !process.execArgv.some((word) => word.startsWith('--import'))) {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      hooks.deregister();
      const program = PROGRAMS.find((name) => new URL(`${name}.ts`, ROOT).href === specifier);
      if (program === undefined) return next(specifier, context);
      return { url: new URL(`${program}.js`, BUILT).href, shortCircuit: true };
    },
  });
}
