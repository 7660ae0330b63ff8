/** Limits that no test meets by chance. */
const NO_LIMIT = 100_000;

export const generousLimits = {
  loginsPerMinutePerAddress: NO_LIMIT,
  loginsPerMinutePerAccount: NO_LIMIT,
  guessesPerHourPerAccount: NO_LIMIT,
  registrationsPerMinutePerAddress: NO_LIMIT,
  registrationsPerHourPerEmail: NO_LIMIT,
  entriesPerMinutePerAddress: NO_LIMIT,
  uploadsPerMinutePerAccount: NO_LIMIT,
  attachmentsFreeBytesMin: 0,
  eventLoopDelayMsMax: 0,
  rankingsPerMinutePerAddress: NO_LIMIT,
  listsPerMinutePerAddress: NO_LIMIT,
  openIdAnswerMsMax: NO_LIMIT,
  deviceCodesPerMinutePerAddress: NO_LIMIT,
  devicePollsPerMinutePerAddress: NO_LIMIT,
  deviceTriesPerMinutePerAccount: NO_LIMIT,
  practicePerMinutePerAccount: NO_LIMIT,
};
