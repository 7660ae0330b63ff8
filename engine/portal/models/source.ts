/**
 * A models directory as it lies on disk: every file read, and what is wrong with its shape.
 *
 *     call.json  choice.json  definitions/  pages/  tables/  calendars/  samples/
 *
 * A file that cannot be read or has not its shape is left out and told as a fault, so that one
 * look finds everything. What the files say of each other is checked in `check/`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { FormDefinition, FormPage, TableDocument, Texts } from '#protocol/forms/index.ts';
import type { CallTerm, ClickDayRule, ModelChoice } from '#protocol/portal-api.ts';
import type { Weighted } from './sampling/dice.ts';
import {
  CalendarShape,
  CallShape,
  ChoiceShape,
  DefinitionShape,
  GroupsShape,
  PageShape,
  RecipeShape,
  TableShape,
} from './shape.ts';

/** One thing wrong: in which file, where in it (JSON pointer), and a sentence. */
export interface Fault {
  readonly file: string;
  readonly path: string;
  readonly message: string;
}

/** A page as its file has it; its number comes from the model that uses it. */
export type Subject = Omit<FormPage, 'number'>;
/** A model as its file has it: pages by the names of their files. */
export type Composition = Omit<FormDefinition, 'pages'> & { readonly pages: readonly string[] };

export interface CalendarDocument {
  readonly source: string;
  readonly clickDays: readonly {
    readonly id: string;
    readonly name: Texts;
    readonly opensAt: string;
    readonly closesAt: string;
    readonly rules: readonly ClickDayRule[];
  }[];
}

export interface Recipe {
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}

/** Kinds of applications with their shares, for samples. */
export interface Groups {
  readonly source: string;
  readonly groups: readonly {
    readonly name: string;
    readonly weight: number;
    readonly models: readonly Weighted[];
    readonly nationalities?: readonly Weighted[];
    readonly special?: boolean;
  }[];
  readonly provinces?: readonly Weighted[];
}

export interface Call {
  readonly name: Texts;
  readonly offers: readonly string[];
  readonly words?: Readonly<Record<string, Texts>>;
  readonly terms?: readonly CallTerm[];
}

/** A file's content with the path that faults name. */
export interface Read<Content> {
  readonly file: string;
  readonly content: Content;
}

type Files<Content> = ReadonlyMap<string, Read<Content>>;

export interface Sources {
  readonly directory: string;
  readonly definitions: Files<Composition>;
  readonly pages: Files<Subject>;
  readonly tables: Files<TableDocument>;
  readonly calendars: Files<CalendarDocument>;
  /** By the name of the page that they answer. */
  readonly recipes: Files<Recipe>;
  readonly groups: Read<Groups> | undefined;
  readonly choice: Read<ModelChoice> | undefined;
  readonly call: Read<Call> | undefined;
  readonly faults: readonly Fault[];
}

/** Folders of a models directory. */
export const FOLDERS = ['definitions', 'pages', 'tables', 'calendars', 'samples'] as const;

const FAULTS_A_FILE_MAX = 20;

/**
 * Reads a directory. `trusted` leaves the shapes unchecked: for the directory that ships, which
 * the tests check. Throws nothing but what the file system throws on a folder.
 */
export function readSources(directory: string, options: { trusted?: boolean } = {}): Sources {
  const faults: Fault[] = [];
  const judge = options.trusted ? () => true : shapeJudge(faults);
  const read = <Content>(file: string, shape: TSchema): Read<Content> | undefined => {
    const content = parse(directory, file, faults);
    return content !== undefined && judge(file, shape, content)
      ? { file, content: content as Content }
      : undefined;
  };
  const one = <Content>(file: string, shape: TSchema) =>
    existsSync(join(directory, file)) ? read<Content>(file, shape) : undefined;
  const all = <Content>(folder: string, shape: TSchema): Map<string, Read<Content>> => {
    const files = new Map<string, Read<Content>>();
    for (const name of jsonFiles(directory, folder)) {
      const found = read<Content>(`${folder}/${name}.json`, shape);
      if (found) files.set(name, found);
    }
    return files;
  };
  return {
    directory,
    definitions: all<Composition>('definitions', DefinitionShape),
    pages: all<Subject>('pages', PageShape),
    tables: all<TableDocument>('tables', TableShape),
    calendars: all<CalendarDocument>('calendars', CalendarShape),
    recipes: all<Recipe>('samples', RecipeShape),
    groups: one<Groups>('groups.json', GroupsShape),
    choice: one<ModelChoice>('choice.json', ChoiceShape),
    call: one<Call>('call.json', CallShape),
    faults,
  };
}

function jsonFiles(directory: string, folder: string): string[] {
  const path = join(directory, folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  return names.map((name) => name.slice(0, -'.json'.length)).sort();
}

function parse(directory: string, file: string, faults: Fault[]): unknown {
  try {
    return JSON.parse(readFileSync(join(directory, file), 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? `is no JSON: ${error.message}` : String(error);
    faults.push({ file, path: '', message: reason });
    return undefined;
  }
}

function shapeJudge(faults: Fault[]) {
  return (file: string, shape: TSchema, content: unknown): boolean => {
    if (Value.Check(shape, content)) return true;
    let left = FAULTS_A_FILE_MAX;
    for (const { path, message, value } of Value.Errors(shape, content)) {
      if (left === 0) break;
      left -= 1;
      faults.push({ file, path, message: sentence(message, value) });
    }
    return false;
  };
}

function sentence(message: string, value: unknown): string {
  if (/unexpected property/i.test(message)) return 'is no member that is known here';
  if (/required property/i.test(message)) return 'is missing';
  const shown = JSON.stringify(value) ?? 'nothing';
  const short = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}, found ${short}`;
}
