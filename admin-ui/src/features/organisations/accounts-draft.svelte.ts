/** What is typed of a request for more accounts, and what is wrong with it. */
import {
  ACCOUNTS_A_REQUEST_MAX,
  type AccountsRequest,
  type MemberRole,
} from '#protocol/organisations-api.ts';
import type { Language } from '../../i18n/dictionary.ts';
import { organisationTexts } from './texts.ts';

const FIELDS = ['givenName', 'familyName', 'email'] as const;

/** One person; its order gives the ids of its fields, as the portal names them. */
export class PersonDraft {
  givenName = $state('');
  familyName = $state('');
  email = $state('');
}

export class AccountsDraft {
  base = $state('');
  count = $state('1');
  role = $state<MemberRole>('preparer');
  people = $state<PersonDraft[]>([]);
  note = $state('');

  /** There are at least as many accounts as people. */
  addPerson(): void {
    if (this.people.length >= ACCOUNTS_A_REQUEST_MAX) return;
    this.people.push(new PersonDraft());
    if (Number(this.count) < this.people.length) this.count = String(this.people.length);
  }

  removePerson(at: number): void {
    this.people.splice(at, 1);
  }

  errors(language: Language): Record<string, string> {
    const words = organisationTexts[language];
    const errors: Record<string, string> = {};
    if (this.base === '') errors.base = words.missing(words.base);
    const count = Number(this.count);
    const isFit = Number.isInteger(count) && count >= 1 && count <= ACCOUNTS_A_REQUEST_MAX;
    if (!isFit) errors.count = words.countWrong;
    this.people.forEach((person, at) => {
      for (const field of FIELDS) {
        const id = `people.${at}.${field}`;
        if (person[field].trim() === '') errors[id] = words.missing(words[field]);
      }
    });
    return errors;
  }

  request(): AccountsRequest {
    const people = this.people.map(({ givenName, familyName, email }) => ({
      ...{ givenName, familyName, email },
    }));
    const { base, role, note } = this;
    return { base, role, note, count: Math.max(Number(this.count), people.length), people };
  }
}
