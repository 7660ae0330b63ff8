/**
 * The project's own files as the tidy rules see them: path, text, lines, and for TypeScript what
 * it imports. A rule is a function from one such file to its violations, so that each can be
 * tried on a sample that must be caught.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One import or re-export; `path` is the repository's path when it is a file of ours. */
export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly path: string | undefined;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  /** The syntax tree of a TypeScript file; of a Svelte component, of its script. */
  readonly tree: ts.SourceFile | undefined;
  readonly imports: readonly Import[];
}

/** What a rule found: one sentence that says where, what, and what to do instead. */
export type Rule = (source: Source) => readonly string[];

const SUBPATHS: readonly (readonly [string, string])[] = [
  ['#protocol/', 'engine/protocol/'],
  ['#engine/', 'engine/'],
  ['#mini-client/', 'mini-client/'],
  ['#bench/', 'bench/'],
  ['#test/', 'test/'],
];

function ownPath(from: string, specifier: string): string | undefined {
  for (const [prefix, folder] of SUBPATHS) {
    if (specifier.startsWith(prefix)) return folder + specifier.slice(prefix.length);
  }
  if (!specifier.startsWith('.')) return undefined;
  return join(from, '..', specifier.replace(/\?.*$/, ''));
}

/** Whether nothing of a declaration is left once its types are erased. */
function isErased(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

function importsOf(path: string, tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) =>
    found.push({ specifier, typeOnly, path: ownPath(path, specifier) });
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const from = node.moduleSpecifier;
      if (from !== undefined && ts.isStringLiteral(from)) add(from.text, isErased(node));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [from] = node.arguments;
      if (from !== undefined && ts.isStringLiteral(from)) add(from.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function scriptOf(path: string, text: string): string | undefined {
  if (path.endsWith('.ts')) return text;
  if (!path.endsWith('.svelte')) return undefined;
  const scripts = [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)];
  return scripts.map((script) => script[1]).join('\n');
}

/** A source from its text: for the files of the repository and for samples alike. */
export function sourceOf(path: string, text: string): Source {
  const script = scriptOf(path, text);
  if (script === undefined) return { path, text, tree: undefined, imports: [] };
  const tree = ts.createSourceFile(path, script, ts.ScriptTarget.ES2024, true, ts.ScriptKind.TS);
  return { path, text, tree, imports: importsOf(path, tree) };
}

/** Every file that is or would be committed, by path. */
export function ownPaths(): string[] {
  const words = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const listed = execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return listed.filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

const READABLE = /\.(ts|svelte|md|json|yml|sh|css|html|js)$/;

/** Every text file of the project. */
export function ownSources(): Source[] {
  const readable = ownPaths().filter((path) => READABLE.test(path) || path === '.ci/run');
  return readable.map((path) => sourceOf(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** What a rule says of all sources. */
export function violations(rule: Rule, sources: readonly Source[]): string[] {
  return sources.flatMap((source) => rule(source));
}
