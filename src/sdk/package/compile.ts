import ts from 'typescript'

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  strict: true,
  verbatimModuleSyntax: true,
  newLine: ts.NewLineKind.LineFeed,
}

/**
 * JavaScript and declarations of one file, each file by itself: what a file declares must be plain from its text
 * (`isolatedDeclarations`), so that no program has to be checked while someone waits for a download.
 *
 * @throws Error on a file that can't be compiled so, which is a bug of the generator
 */
export function compileModule(path: string, source: string): ReadonlyMap<string, string> {
  const base = path.replace(/\.ts$/, '')
  const options = { fileName: path, reportDiagnostics: true }
  const script = ts.transpileModule(source, {
    ...options,
    compilerOptions: OPTIONS,
    transformers: { before: [jsSpecifiers] },
  })
  const types = ts.transpileDeclaration(source, {
    ...options,
    compilerOptions: { ...OPTIONS, declaration: true, isolatedDeclarations: true },
    transformers: { afterDeclarations: [jsSpecifiers, withoutDoubles] },
  })
  const problem = [...(script.diagnostics ?? []), ...(types.diagnostics ?? [])][0]
  if (problem !== undefined)
    throw new Error(`${path} does not compile: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`)
  return new Map([
    [`${base}.js`, script.outputText],
    [`${base}.d.ts`, types.outputText],
  ])
}

/** A file of types alone: its declarations are its source. */
export function declarationModule(path: string, source: string): ReadonlyMap<string, string> {
  return new Map([[path.replace(/\.ts$/, '.d.ts'), source.replace(/^(import type .* from '\..*)\.ts'$/m, "$1.js'")]])
}

/** `./page.ts` → `./page.js` in imports and exports. */
function jsSpecifiers<Node extends ts.SourceFile | ts.Bundle>(context: ts.TransformationContext): ts.Transformer<Node> {
  const { factory } = context
  const rename = (specifier: ts.Expression | undefined): ts.StringLiteral | undefined =>
    specifier !== undefined && ts.isStringLiteral(specifier) && /^\.{1,2}\/.*\.ts$/.test(specifier.text)
      ? factory.createStringLiteral(specifier.text.replace(/\.ts$/, '.js'), true)
      : undefined
  const statement = (node: ts.Statement): ts.Statement => {
    if (ts.isImportDeclaration(node)) {
      const renamed = rename(node.moduleSpecifier)
      return renamed === undefined
        ? node
        : factory.updateImportDeclaration(node, node.modifiers, node.importClause, renamed, node.attributes)
    }
    if (ts.isExportDeclaration(node)) {
      const renamed = rename(node.moduleSpecifier)
      return renamed === undefined
        ? node
        : factory.updateExportDeclaration(
            node,
            node.modifiers,
            node.isTypeOnly,
            node.exportClause,
            renamed,
            node.attributes,
          )
    }
    return node
  }
  return (node) =>
    (ts.isSourceFile(node) ? factory.updateSourceFile(node, node.statements.map(statement)) : node) as Node
}

/**
 * Without a library to look it up in, the compiler takes `[Symbol.asyncIterator]()` for an index as well, and declares it
 * twice: as the method that it is and as a property.
 */
function withoutDoubles<Node extends ts.SourceFile | ts.Bundle>(
  context: ts.TransformationContext,
): ts.Transformer<Node> {
  const { factory } = context
  const statement = (node: ts.Statement): ts.Statement => {
    if (!ts.isClassDeclaration(node)) return node
    const methods = new Set(node.members.filter(ts.isMethodDeclaration).map(({ name }) => symbolName(name)))
    const members = node.members.filter((member) => {
      const name = ts.isPropertyDeclaration(member) ? symbolName(member.name) : undefined
      return name === undefined || !methods.has(name)
    })
    return factory.updateClassDeclaration(
      node,
      node.modifiers,
      node.name,
      node.typeParameters,
      node.heritageClauses,
      members,
    )
  }
  return (node) =>
    (ts.isSourceFile(node) ? factory.updateSourceFile(node, node.statements.map(statement)) : node) as Node
}

/** `asyncIterator` of `[Symbol.asyncIterator]`. */
function symbolName(name: ts.PropertyName): string | undefined {
  return ts.isComputedPropertyName(name) && ts.isPropertyAccessExpression(name.expression)
    ? name.expression.name.text
    : undefined
}
