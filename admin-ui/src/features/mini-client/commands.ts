/** The commands of the mini-client (`mini-client/README.md`) in the order of their use. */
export function miniClientCommands(options: { portal: string; email: string }) {
  const client = 'npm run -s mini-client --';
  return {
    step1: `${client} login --portal ${options.portal} --email ${options.email}`,
    step2: `${client} list`,
    step3: `${client} prepare`,
    step4: `${client} check`,
    step5: `${client} send`,
    step6: `${client} receipts`,
  } as const;
}
