/** The roles from the least to the most, and the kinds of organisation, as they are offered. */
import type { MemberRole, MemberView, OrganisationKind } from '#protocol/organisations-api.ts';

export const memberRoles: readonly MemberRole[] = ['reader', 'preparer', 'sender', 'administrator'];

export const roleHints = {
  reader: 'readerHint',
  preparer: 'preparerHint',
  sender: 'senderHint',
  administrator: 'administratorHint',
} as const;

export const organisationKinds: readonly OrganisationKind[] = [
  'association',
  'patronato',
  'consultant',
  'company',
  'public-office',
];

export const stateTones = { active: 'success', invited: 'info', deactivated: 'warning' } as const;
export const requestTones = { waiting: 'info', granted: 'success', refused: 'danger' } as const;

export const fullName = (person: Pick<MemberView, 'givenName' | 'familyName'>): string =>
  `${person.givenName} ${person.familyName}`.trim();
