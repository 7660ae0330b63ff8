/** Puts another module in the place of one of the engine's, in this process only. */
import { registerHooks } from 'node:module';

/** Whoever in `engine/<place>` imports `specifier` gets `replacement` (a URL). */
export function replaceIn(place: string, specifier: string, replacement: string): void {
  registerHooks({
    resolve: (asked, context, next) => {
      const isThere = context.parentURL?.includes(`/engine/${place}`) === true;
      const found = asked === specifier && isThere ? replacement : asked;
      return next(found, context);
    },
  });
}
