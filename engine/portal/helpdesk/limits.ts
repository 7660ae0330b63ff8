/** Bounds and rules of the help desk; in the configuration as CLICKDAY_HELPDESK_…. */
export interface HelpdeskLimits {
  /** A number and a mail at once, or when an operator has looked. */
  readonly isAcceptedAtOnce: boolean;
  /** Of one account by the form. */
  readonly ticketsAnHour: number;
  readonly messagesAnHour: number;
  /** Of one account, not closed. */
  readonly openTicketsMax: number;
  /** Closed by time when the user has not given what was asked for, or not said more. */
  readonly waitingDays: number;
  readonly answeredDays: number;
  /** Of nobody's tickets, their words; from their end. */
  readonly keptDays: number;
}

export const helpdeskLimits: HelpdeskLimits = {
  isAcceptedAtOnce: true,
  ticketsAnHour: 10,
  messagesAnHour: 60,
  openTicketsMax: 50,
  waitingDays: 14,
  answeredDays: 7,
  keptDays: 365,
};
