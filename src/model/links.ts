import type { Link, Operation, Response } from './api.ts'
import { type BundledDocument, defined, isObject, refPointer, text } from './document.ts'

/**
 * Operations whose responses say where they lead (OpenAPI 3.1, Link Object). A link to what is no operation of the document
 * is left out.
 */
export function linked(operations: readonly Operation[], document: BundledDocument): Operation[] {
  const byOperationId = new Map(operations.flatMap(({ operationId, id }) => (operationId ? [[operationId, id]] : [])))
  const byPointer = new Map(operations.map(({ pointer, id }) => [pointer, id]))
  const linksOf = (pointer: string): Link[] => {
    const response = document.locate(document.at(pointer), pointer)
    if (response === undefined || !isObject(response.node.links)) return []
    return document.children(response, 'links').flatMap(({ key: name, value: { node } }) => {
      const ref = text(node.operationRef)
      const operation =
        ref === undefined ? byOperationId.get(text(node.operationId) ?? '') : byPointer.get(refPointer(ref) ?? '')
      if (operation === undefined) return []
      const parameters = Object.entries(isObject(node.parameters) ? node.parameters : {})
      return defined<Link>({
        name,
        description: text(node.description),
        operation,
        parameters: Object.fromEntries(parameters.map(([parameter, value]) => [parameter, written(value)])),
        body: node.requestBody === undefined ? undefined : written(node.requestBody),
      })
    })
  }
  return operations.map((operation) => {
    const responses = operation.responses.map((response): Response => {
      const links = linksOf(`${operation.pointer}/responses/${response.status}`)
      return links.length === 0 ? response : { ...response, links }
    })
    return responses.some(({ links }) => links !== undefined) ? { ...operation, responses } : operation
  })
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
