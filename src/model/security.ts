import type { AccessFile } from '../spec/access-file.ts'
import type { ApiModel, Flow, Operation, Scope, SecurityScheme } from './api.ts'
import { type BundledDocument, defined, isObject, text } from './document.ts'

const TYPES = ['oauth2', 'openIdConnect', 'http', 'apiKey', 'mutualTLS'] as const

/** `components.securitySchemes` (OpenAPI 3.1, Security Scheme Object). A scheme of an unknown type can't be satisfied. */
export function securitySchemes(document: BundledDocument): Record<string, SecurityScheme> {
  const root = { node: { schemes: document.at('/components/securitySchemes') ?? {} }, pointer: '/components' }
  return Object.fromEntries(
    document.children(root, 'schemes').flatMap(({ key, value: { node } }) => {
      const type = TYPES.find((known) => known === node.type)
      if (type === undefined) return []
      const scheme = text(node.scheme)?.toLowerCase()
      return [
        [
          key,
          defined<SecurityScheme>({
            name: key,
            type,
            token: type === 'oauth2' || type === 'openIdConnect' || (type === 'http' && scheme === 'bearer'),
            deprecated: node.deprecated === true || undefined,
            description: text(node.description),
            scheme,
            in: (['header', 'query', 'cookie'] as const).find((place) => place === node.in),
            parameter: text(node.name),
            bearerFormat: text(node.bearerFormat),
            openIdConnectUrl: text(node.openIdConnectUrl),
            oauth2MetadataUrl: text(node.oauth2MetadataUrl),
            flows: flows(node.flows),
          }),
        ],
      ]
    }),
  )
}

function flows(value: unknown): Record<string, Flow> {
  if (!isObject(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, flow]) =>
      isObject(flow) && !name.startsWith('x-')
        ? [
            [
              name,
              defined<Flow>({
                authorizationUrl: text(flow.authorizationUrl),
                tokenUrl: text(flow.tokenUrl),
                refreshUrl: text(flow.refreshUrl),
                deviceAuthorizationUrl: text(flow.deviceAuthorizationUrl),
              }),
            ],
          ]
        : [],
    ),
  )
}

/** Declared scopes in the document's order, then those of `access.yaml`, then those that are only used. */
export function scopes(
  document: BundledDocument,
  schemes: ApiModel['schemes'],
  operations: readonly Operation[],
  wording: NonNullable<AccessFile['scopes']>,
): Scope[] {
  const declared = new Map<string, string | undefined>()
  for (const scheme of Object.keys(schemes)) {
    const located = document.at('/components/securitySchemes')
    const node = isObject(located) ? document.locate(located[scheme], '')?.node.flows : undefined
    if (!isObject(node)) continue
    for (const flow of Object.values(node)) {
      if (!isObject(flow) || !isObject(flow.scopes)) continue
      for (const [name, description] of Object.entries(flow.scopes))
        if (name !== '') declared.set(name, text(description))
    }
  }
  for (const name of Object.keys(wording)) if (!declared.has(name)) declared.set(name, undefined)

  const used = new Set<string>()
  for (const operation of operations) {
    for (const alternative of operation.requirement.alternatives)
      for (const requirement of alternative)
        if (requirement.token) for (const scope of requirement.scopes) used.add(scope)
    for (const field of [...operation.fields.request, ...operation.fields.response])
      for (const scope of field.scopes) used.add(scope)
  }

  return [...new Set([...declared.keys(), ...used])].map((name) => {
    const words = Object.hasOwn(wording, name) ? wording[name] : undefined
    return defined<Scope>({
      name,
      title: words?.title,
      description: words?.description ?? declared.get(name),
      consent: words?.consent ?? 'required',
      default: words?.default ?? false,
      declared: declared.has(name),
    })
  })
}
