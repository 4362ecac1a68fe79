import { imports } from './imports.ts'
import type { Module } from './modules.ts'
import { typeNames } from './modules.ts'
import { documentation, signature } from './operations.ts'
import { comment } from './text.ts'
import { operationTypes } from './types.ts'

/** A resource as a class: a façade over its functions. */
export function renderResource(module: Module): string {
  const { className, children } = module
  const names = typeNames(module.resource.operations)
  const properties = children.map(
    (child, index) => `  readonly ${child.property}: $Child${index}<S> = new $Child${index}<S>(this)\n`,
  )
  const methods = module.resource.operations.map((operation) => {
    const typeName = names.get(operation.id) ?? operation.id
    const parts = signature(operation, operationTypes(operation, typeName), typeName, '$api.')
    const self = parts.needs === undefined ? '' : `this: ${parts.needs}, `
    const target =
      parts.gated && parts.needs !== undefined
        ? `this as ${parts.needs.includes(' | $') ? `(${parts.needs})` : parts.needs} & $Needs<S>`
        : 'this'
    return [
      comment(documentation(operation), '  '),
      `  ${operation.name}${parts.generics.length > 0 ? `<${parts.generics.join(', ')}>` : ''}(${self}${parts.parameters}): ${parts.result} {\n`,
      `    return $api.${operation.id}(${target}, ${parts.arguments})\n  }\n`,
    ].join('')
  })
  const body = `export class ${className}<S extends string> extends $Resource<S> {\n${[properties.join(''), ...methods]
    .filter((piece) => piece !== '')
    .join('\n')}}\n`
  return `${head(module, body)}\n${body}`
}

function head(module: Module, body: string): string {
  const up = '../'.repeat(module.path.split('/').length)
  const api =
    module.resource.operations.length === 0 ? '' : `import * as $api from '${up}operations/${module.path}.ts'\n`
  const resource = `import { Resource as $Resource } from '${up}runtime/client.ts'\n`
  const children = module.children.map(
    (child, index) => `import { ${child.className} as $Child${index} } from '${up}resources/${child.path}.ts'\n`,
  )
  return `${api}${resource}${imports(module, body)}${children.join('')}`
}
