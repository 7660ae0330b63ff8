/** Puts another module in the place of one of the gate's, in this process only. */
import { registerHooks } from 'node:module';

/** Whoever in `engine/gate` imports `specifier` gets `replacement` (a URL). */
export function replaceInGate(specifier: string, replacement: string): void {
  registerHooks({
    resolve: (asked, context, next) => {
      const isGate = context.parentURL?.includes('/engine/gate/') === true;
      const found = asked === specifier && isGate ? replacement : asked;
      return next(found, context);
    },
  });
}
