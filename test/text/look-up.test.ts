import assert from 'node:assert/strict';
import { dirname, relative } from 'node:path';
import * as ast from 'typescript/unstable/ast';
import {
  isBinaryExpression,
  isCallExpression,
  isComputedPropertyName,
  isElementAccessExpression,
  type Node,
} from 'typescript/unstable/ast';
import { API, type Checker, type Type, TypeFlags } from 'typescript/unstable/sync';
import { lookUp } from '../../src/text/look-up.ts';

const ROOT = dirname(dirname(import.meta.dirname));

describe('lookUp', () => {
  it('finds what a table holds', () => assert.equal(lookUp({ a: 1 }, 'a'), 1));

  for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf', 'b', ''])
    it(`finds nothing for ${JSON.stringify(word)}`, () => assert.equal(lookUp({ a: 1 }, word), undefined));
});

/** Where an object is indexed by a word of which the types do not tell all values: a line each. */
function openLookups(checker: Checker, file: ast.SourceFile): readonly string[] {
  const found: string[] = [];
  const place = (node: Node): string => {
    const line = file.text.slice(0, node.pos).split('\n').length;
    return `${relative(ROOT, file.fileName)}:${line}: ${file.text.slice(node.pos, node.end).trim().split('\n', 1)[0]}`;
  };
  const isClosed = (node: Node): boolean => hasFewValues(checker.getTypeAtLocation(node));
  const visit = (node: Node): void => {
    if (isElementAccessExpression(node) && !isClosed(node.argumentExpression)) found.push(place(node));
    if (isBinaryExpression(node) && node.operatorToken.kind === ast.SyntaxKind.InKeyword && !isClosed(node.left)) found.push(place(node));
    // The key of an object that is made is another thing: it is defined, and nothing is looked up.
    if (isComputedPropertyName(node) && ast.isBindingElement(node.parent) && !isClosed(node.expression)) found.push(place(node));
    // It assigns, so that a key `__proto__` changes what all others are looked up in.
    if (isCallExpression(node) && /^Object\.assign$/.test(nameOf(file, node)) && node.arguments.some(ast.isSpreadElement))
      found.push(place(node));
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

function nameOf(file: ast.SourceFile, call: ast.CallExpression): string {
  return file.text.slice(call.expression.pos, call.expression.end).trim();
}

/** Numbers index lists; a symbol is no word; of a union of literals the types know all values. */
function hasFewValues(type: Type | undefined): boolean {
  if (type === undefined) return false;
  const parts = type.isUnionType() ? (type.getTypes() ?? []) : [type];
  const FEW = TypeFlags.Number | TypeFlags.NumberLiteral | TypeFlags.StringLiteral | TypeFlags.UniqueESSymbol | TypeFlags.Index;
  return parts.length > 0 && parts.every(({ flags }) => (flags & FEW) !== 0);
}

/** Where a text is claimed to be one of a few words without a look at it: a line each. */
function claims(checker: Checker, file: ast.SourceFile): readonly string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (ast.isAsExpression(node)) {
      const from = checker.getTypeAtLocation(node.expression);
      const to = checker.getTypeAtLocation(node.type);
      if (from !== undefined && (from.flags & TypeFlags.String) !== 0 && to?.isUnionType() && hasFewValues(to))
        found.push(`${relative(ROOT, file.fileName)}: ${file.text.slice(node.pos, node.end).trim()}`);
    }
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

describe('the sources', () => {
  let files: readonly ast.SourceFile[] = [];
  let checker: Checker;
  let api: API;

  before(function () {
    this.timeout(60_000);
    api = new API({ cwd: ROOT });
    const [project] = api.updateSnapshot({ openProjects: [`${ROOT}/tsconfig.json`] }).getProjects();
    assert.ok(project);
    checker = project.checker;
    const names = project.program.getSourceFileNames().filter((name) => name.startsWith(`${ROOT}/src/`));
    files = names.flatMap((name) => project.program.getSourceFile(name) ?? []);
    assert.ok(files.length > 150, `${files.length} files`);
  });

  after(() => api.close());

  it('index no object by a word from outside but in lookUp', function () {
    this.timeout(60_000);
    const found = files.filter(({ fileName }) => !fileName.endsWith('/text/look-up.ts')).flatMap((file) => openLookups(checker, file));
    assert.deepEqual(found, []);
  });

  it('claim of no text that it is one of a few words', function () {
    this.timeout(60_000);
    assert.deepEqual(
      files.flatMap((file) => claims(checker, file)),
      [],
    );
  });
});
