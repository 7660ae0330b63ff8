/**
 * What a form is: versioned data that the portal stores answers against and the UI draws.
 *
 * A page's `schema` is JSON Schema 2020-12 restricted to what `fields.ts` evaluates; everything a
 * screen needs stands in `x-` members of the property, in both languages. Field names are unique
 * over the whole definition, so the answers of all pages merge into one flat record.
 * A published version never changes: a new text or rule is a new version.
 * What this file does not do: check anything (see `validation.ts`).
 */

/** One sentence in both languages. */
export interface Texts {
  readonly it: string;
  readonly en: string;
}

/** What one field may hold. Absent is a missing key, never null or an empty string. */
export type FieldValue = string | number | boolean;

/** Answers by field name: of one page, or of all pages merged. */
export type FormValues = Readonly<Record<string, FieldValue>>;

/**
 * Holds when `field` is given and has the value `equals`, or one of `in`, or none of `notIn`
 * (`notIn: []`: any answer). With `orMissing` it also holds while there is no answer.
 */
export interface Condition {
  readonly field: string;
  readonly equals?: FieldValue;
  readonly in?: readonly FieldValue[];
  readonly notIn?: readonly FieldValue[];
  readonly orMissing?: true;
}

/**
 * How a field is drawn. `combobox`: a long code table to be searched by typing; `select` and
 * `radio`: a short one; `checkbox`: a boolean to tick; `yes-no`: a boolean asked as two radios.
 */
export type Widget =
  | 'text'
  | 'date'
  | 'number'
  | 'money'
  | 'select'
  | 'combobox'
  | 'radio'
  | 'checkbox'
  | 'yes-no'
  | 'email'
  | 'telephone';

/** Width of the answer: xs about 4 characters, s 10, m 20, l 40, full the whole row. */
export type Width = 'xs' | 's' | 'm' | 'l' | 'full';

/** One property of a page's schema. Amounts are euros, dates `YYYY-MM-DD`. */
export interface FieldSchema {
  readonly type: 'string' | 'integer' | 'number' | 'boolean';
  readonly enum?: readonly FieldValue[];
  readonly const?: FieldValue;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly format?: 'date' | 'email';
  readonly 'x-label': Texts;
  readonly 'x-hint'?: Texts;
  readonly 'x-widget': Widget;
  readonly 'x-width': Width;
  /** Name of the code table that lists the allowed codes. */
  readonly 'x-table'?: string;
  /** All must hold, else the field is hidden: neither asked, kept nor required. */
  readonly 'x-visibleWhen'?: readonly Condition[];
  /** How `normalisePage` rewrites the text: letters to capitals, or all blanks out and capitals. */
  readonly 'x-transform'?: 'upper' | 'code';
  /** HTML autocomplete token, where the browser may fill in the person's own data. */
  readonly 'x-autocomplete'?: string;
  /** Sentence for a `pattern` that does not match, and for an unmet `const`. */
  readonly 'x-message'?: Texts;
}

/** `required` applies to a field only while it is visible. */
export interface PageSchema {
  readonly $schema: 'https://json-schema.org/draft/2020-12/schema';
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly required: readonly string[];
}

/** Names of the checks that `rules.ts` knows. */
export type RuleCheck =
  | 'cf-checksum'
  | 'cf-surname'
  | 'cf-name'
  | 'cf-birth-date'
  | 'cf-sex'
  | 'cf-place'
  | 'vat-checksum'
  | 'not-in-future'
  | 'not-before-today'
  | 'dates-ordered'
  | 'adult'
  | 'at-least'
  | 'sum-at-least-product'
  | 'different'
  | 'never';

/**
 * A check over several fields. `field` carries the message; `with` names the other operands (what
 * each check takes stands in `rules.ts`). It is skipped while an operand is missing or hidden,
 * unless the check says otherwise, and while `when` does not hold.
 */
export interface Rule {
  readonly code: string;
  readonly check: RuleCheck;
  readonly field: string;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly when?: readonly Condition[];
  readonly messages: Texts;
}

/** One subject of a page, at most about ten fields. */
export interface Section {
  readonly title?: Texts;
  readonly intro?: Texts;
  readonly fields: readonly string[];
}

export interface FormPage {
  /** From 1, without gaps. */
  readonly number: number;
  /** Stable name of the subject, for example `worker`. */
  readonly key: string;
  readonly title: Texts;
  readonly intro?: Texts;
  readonly sections: readonly Section[];
  readonly schema: PageSchema;
  readonly rules: readonly Rule[];
}

/** The first of these lists of fields that has an answer, its answers joined by blanks. */
export type FieldAlternatives = readonly (readonly string[])[];

/** One line that a receipt says of an application. A code is said by its table's name. */
export interface Fact {
  readonly label: Texts;
  readonly fields: FieldAlternatives;
}

/** A flag that routes to a click day of its own, given while `when` holds. */
export interface SpecialFlag {
  readonly code: string;
  readonly when: readonly Condition[];
}

/** A ground on which an office is competent: the answer of `field` says which. */
export interface OfficeCriterion {
  readonly code: string;
  /** As a receipt says it. */
  readonly label: Texts;
  readonly field: string;
  /** Column of the field's table that holds the office; without it the answer is the office. */
  readonly column?: string;
}

/** Which office is competent. `table` names the offices, by columns `officeIt` and `officeEn`. */
export interface OfficeRule {
  readonly table: string;
  /** In order of preference. */
  readonly criteria: readonly OfficeCriterion[];
  /** The field in which the applicant chooses among the criteria, by their codes. */
  readonly chosenBy?: string;
}

/** Somebody an application is searched by: fields of the name, surname first, and of the code. */
export interface SearchedPerson {
  readonly name: readonly string[];
  readonly code?: readonly string[];
}

/** What answers mean outside of the form. Nothing else in the system knows a field by name. */
export interface Meaning {
  /** Fields that name the application in a list; the first is written in capitals. */
  readonly title: readonly string[];
  /** At most three, in the order of the receipt. */
  readonly facts: readonly Fact[];
  /** Field of the citizenship that click days may ask for, and flags that they may ask for. */
  readonly nationality?: string;
  readonly special?: readonly SpecialFlag[];
  /**
   * The parties of an application, each by the fields that tell who it is. Two applications concern
   * the same when for every party all fields of one alternative are answered alike.
   */
  readonly same?: readonly FieldAlternatives[];
  readonly copy?: CopyRule;
  /** Without a worker the application is searched by its title. */
  readonly search?: { readonly worker?: SearchedPerson; readonly employer?: SearchedPerson };
  readonly office: OfficeRule;
}

/** What a copy leaves out. */
export interface CopyRule {
  /** Answers that hold for one application alone: a revenue stamp, a statement. */
  readonly once: readonly string[];
  /** Keys of the pages that a copy for another person leaves empty. */
  readonly person?: readonly string[];
}

/** A document to have at hand; with `attach` it can be added as a file. */
export interface DocumentItem extends Texts {
  readonly attach?: {
    readonly kind: string;
    /** What the file is called, in a few words. */
    readonly label: Texts;
    /** Without it the application cannot be made ready. */
    readonly required?: true;
  };
}

export interface FormDefinition {
  readonly code: string;
  readonly version: number;
  readonly title: Texts;
  readonly summary: Texts;
  /** What to have at hand before starting. */
  readonly documents: readonly DocumentItem[];
  readonly meaning: Meaning;
  readonly pages: readonly FormPage[];
}

/** One thing wrong with one field; `messages` say how to mend it. */
export interface FieldError {
  readonly page?: number;
  readonly field: string;
  readonly code: string;
  readonly messages: Texts;
}

/** One line of a code table. `extra` holds the table's other columns by name, all texts. */
export interface TableRow {
  readonly code: string;
  readonly name: Texts;
  readonly extra: Readonly<Record<string, string>>;
}

/** Looks a code up. Undefined result: the code is unknown. Throws nothing. */
export interface CodeTables {
  /** False when this table is not at hand; its codes are then not checked. */
  has(table: string): boolean;
  row(table: string, code: string): TableRow | undefined;
}

/** What the checks take besides the answers. */
export interface ValidationContext {
  /** The day in Rome, `YYYY-MM-DD`. */
  readonly todayIso: string;
  /** Answers of all pages merged; those of the page being checked are laid over them. */
  readonly allValues: FormValues;
  /** Without it codes are checked for form only: the portal always passes it. */
  readonly tables?: CodeTables;
}
