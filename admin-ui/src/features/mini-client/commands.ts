/** The commands of the mini-client in the order in which a person needs them. */
export function miniClientCommands(portal: string) {
  const client = `npm run -s mini-client -- --portal ${portal}`;
  return {
    step1: 'npm ci',
    step2: `${client} login`,
    step3: `${client} list`,
    step4: `${client} check`,
    step5: `${client} send`,
    step6: `${client} receipts`,
  } as const;
}
