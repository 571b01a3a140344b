/**
 * Fails when something that a package exports has no doc comment.
 *
 * The rule: every export of every file in `packages/<package>/src`, every public member of an exported class, and every
 * member of an exported interface or object type has a doc comment, its own or that of the member it implements or
 * overrides; every file starts with a `@module` sentence. Generated folders are held to the same rule.
 * Constructors without parameters, members marked `override` and re-exports are exempt: what they stand for is
 * documented where it is written.
 * @module
 */
import ts from 'typescript';
import { findFiles, readSource, root } from './sources.ts';

const files = findFiles('packages/*/src/**/*.ts');
const program = ts.createProgram(
  files.map((file) => `${root}${file}`),
  {
    target: ts.ScriptTarget.ES2024,
    // Only declarations of ours are asked for; the language's own would take most of the time.
    noLib: true,
    module: ts.ModuleKind.NodeNext,
    customConditions: ['source'],
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  },
);
const checker = program.getTypeChecker();
const faults: string[] = [];
let documented = 0;

/** True for a doc comment that is not the file's own sentence, which stands above the first export too. */
function isOwnComment(comment: ts.JSDoc | ts.JSDocTag): boolean {
  return ts.isJSDoc(comment) && !comment.tags?.some(({ tagName }) => tagName.text === 'module');
}

/** True when the comment above the node, or the one that a member inherits, says something. */
function isDocumented(node: ts.NamedDeclaration): boolean {
  if (ts.getJSDocCommentsAndTags(node).some(isOwnComment)) return true;
  if (!ts.isClassElement(node) || node.name === undefined) return false;
  const symbol = checker.getSymbolAtLocation(node.name);
  return symbol !== undefined && symbol.getDocumentationComment(checker).length > 0;
}

function requireDoc(node: ts.NamedDeclaration, name: string): void {
  if (isDocumented(node)) {
    documented++;
    return;
  }
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  faults.push(`${source.fileName.slice(root.length)}:${line + 1}: ${name} has no doc comment`);
}

function isPublic(member: ts.ClassElement): boolean {
  if (ts.isClassStaticBlockDeclaration(member) || ts.isSemicolonClassElement(member)) return false;
  if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override;
  if (ts.getCombinedModifierFlags(member) & hidden) return false;
  return !(ts.isConstructorDeclaration(member) && member.parameters.length === 0);
}

/** Name for the report. */
function nameOf(member: ts.NamedDeclaration): string {
  return member.name === undefined ? 'constructor' : member.name.getText();
}

/** Checks members; of overloads and accessor pairs, one comment is enough. */
function requireMemberDocs(owner: string, members: readonly ts.NamedDeclaration[]): void {
  const byName = Map.groupBy(members, nameOf);
  for (const [name, [first, ...others]] of byName) {
    if (first === undefined || others.some(isDocumented)) continue;
    requireDoc(first, `${owner}.${name}`);
  }
}

function checkDeclaration(node: ts.Statement): void {
  if (ts.isVariableStatement(node)) {
    for (const declaration of node.declarationList.declarations) requireDoc(declaration, nameOf(declaration));
    return;
  }
  if (ts.isFunctionDeclaration(node)) requireDoc(node, nameOf(node));
  if (ts.isClassDeclaration(node)) {
    requireDoc(node, nameOf(node));
    requireMemberDocs(nameOf(node), node.members.filter(isPublic));
  }
  if (ts.isInterfaceDeclaration(node)) {
    requireDoc(node, nameOf(node));
    requireMemberDocs(nameOf(node), node.members);
  }
  if (ts.isTypeAliasDeclaration(node)) {
    requireDoc(node, nameOf(node));
    if (ts.isTypeLiteralNode(node.type)) requireMemberDocs(nameOf(node), node.type.members);
  }
}

function isExported(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.ExportKeyword)
  );
}

for (const file of files) {
  const text = readSource(file);
  if (!/^(#!.*\n)?\s*\/\*\*[\s\S]*?@module[\s\S]*?\*\//.test(text))
    faults.push(`${file}:1: no @module sentence`);
  const source = program.getSourceFile(`${root}${file}`);
  // An overloaded function is documented once, at its first signature.
  const seen = new Set<string>();
  for (const node of source?.statements ?? []) {
    if (!isExported(node)) continue;
    const name = ts.isFunctionDeclaration(node) ? nameOf(node) : '';
    if (name !== '' && seen.has(name)) continue;
    seen.add(name);
    checkDeclaration(node);
  }
}
if (documented === 0) faults.push('saw no documented export: the check itself is broken');
console.log(faults.length > 0 ? faults.join('\n') : `${documented} exports and members, all documented`);
process.exitCode = faults.length > 0 ? 1 : 0;
