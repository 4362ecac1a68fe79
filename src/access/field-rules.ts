import type { Alternative, GatedField } from '../model/api.ts'
import type { BundledDocument, Located } from '../model/document.ts'
import { isObject, strings } from '../model/document.ts'
import { requiredScopes } from '../model/fields.ts'
import { escapePointer } from '../model/schema.ts'
import { finding, type Rule } from './finding.ts'

export const gateScopeUnknown: Rule = ({ model }) => {
  const declared = new Set(model.scopes.filter((scope) => scope.declared).map(({ name }) => name))
  return distinctFields(model.operations.flatMap(({ fields }) => [...fields.request, ...fields.response])).flatMap(
    ({ pointer, name, scopes }) =>
      scopes
        .filter((scope) => !declared.has(scope))
        .map((scope) =>
          finding(
            'gate-scope-unknown',
            `${pointer}/x-required-scopes`,
            `The field \`${name}\` needs the scope \`${scope}\`, which is declared nowhere: no token can hold it.`,
            'Declare it in a flow of a security scheme, or under `scopes` in access.yaml; or correct its spelling.',
          ),
        ),
  )
}

/** A request that must carry what its sender may not send can't be sent without the field's scope. */
export const gateOnRequired: Rule = ({ model, document }) => {
  const gates = new Map(
    model.operations.flatMap(({ fields, requirement }) =>
      fields.request
        .filter(({ scopes }) => !requirement.alternatives.every((alternative) => asksFor(alternative, scopes)))
        .map((field) => [field.pointer, field]),
    ),
  )
  if (gates.size === 0) return []
  const demanded = new Set<string>()
  for (const schema of everySchema(document))
    for (const name of strings(schema.node.required)) {
      for (const property of properties(schema, name, document)) demanded.add(property)
    }
  return [...gates.values()]
    .filter(({ pointer }) => demanded.has(pointer))
    .map(({ pointer, name, scopes }) =>
      finding(
        'gate-on-required',
        `${pointer}/x-required-scopes`,
        `Requests must carry the field \`${name}\`, and without \`${scopes.join(' ')}\` it may not be sent: the field’s scope is one of the operation’s.`,
        'Take the field out of `required`, mark it `readOnly`, or require the scope on the operation instead.',
      ),
    )
}

function asksFor(alternative: Alternative, scopes: readonly string[]): boolean {
  return scopes.every((scope) => alternative.some((requirement) => requirement.scopes.includes(scope)))
}

function distinctFields(fields: readonly GatedField[]): GatedField[] {
  return [...new Map(fields.map((field) => [field.pointer, field])).values()]
}

/** Every schema object of the document, however it is nested. */
function* everySchema(document: BundledDocument): Generator<Located> {
  const queue: Located[] = [{ node: document.root, pointer: '' }]
  for (const { node, pointer } of queue) {
    if (Array.isArray(node.required)) yield { node, pointer }
    for (const [key, child] of Object.entries(node)) {
      // Values of examples and enumerations only look like schemas.
      if (['example', 'examples', 'default', 'const', 'enum', 'value'].includes(key) && !/\/properties$/.test(pointer))
        continue
      const at = `${pointer}/${escapePointer(key)}`
      if (isObject(child)) queue.push({ node: child, pointer: at })
      else if (Array.isArray(child))
        for (const [index, item] of child.entries())
          if (isObject(item)) queue.push({ node: item, pointer: `${at}/${index}` })
    }
  }
}

/** Where the gates on the property `name` of an object may stand: on it, behind its reference, in the object's parts. */
function properties(schema: Located, name: string, document: BundledDocument): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  const queue = [schema]
  for (const { node, pointer } of queue) {
    if (seen.has(pointer)) continue
    seen.add(pointer)
    const property =
      isObject(node.properties) && Object.hasOwn(node.properties, name) ? node.properties[name] : undefined
    if (isObject(property)) {
      const at = `${pointer}/properties/${escapePointer(name)}`
      for (const place of [{ node: property, pointer: at }, document.locate(property, at)])
        if (place !== undefined && requiredScopes(place.node).length > 0) found.push(place.pointer)
    }
    queue.push(...document.children({ node, pointer }, 'allOf').map(({ value }) => value))
  }
  return found
}
