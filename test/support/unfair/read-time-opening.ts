/**
 * An opening as it must not be: the door goes by the instant at which a frame is read, without the
 * pass that empties the kernel's buffers first. The negative control of "nobody early".
 */
import { admission } from '#engine/gate/admission.ts';
import { createOpenings as createDrainingOpenings, type Openings } from '#engine/gate/opening.ts';

export function createOpenings(options: Parameters<typeof createDrainingOpenings>[0]): Openings {
  const openings = createDrainingOpenings(options);
  return {
    ...openings,
    atDoor: (dayId) => {
      const { nowUs, uncertaintyUs } = options.clock.read();
      return admission(openings.day(dayId), nowUs, uncertaintyUs);
    },
  };
}
