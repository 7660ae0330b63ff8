/** The commands of the mini-client (`mini-client/README.md`) in the order of their use. */

/** How it is started from a copy of the program, where nobody has built it. */
export const FROM_SOURCES = 'npm run -s mini-client --';

/** `program`: how it is started. */
export function miniClientCommands(options: { program: string; portal: string; email: string }) {
  const { program, portal, email } = options;
  return {
    step1: `${program} login --portal ${portal} --email ${email}`,
    step2: `${program} list`,
    step3: `${program} prepare`,
    step4: `${program} self-test`,
    step5: `${program} send`,
    step6: `${program} receipts`,
  } as const;
}
