import type { ApiModel, Flow, SecurityScheme } from '../model/api.ts'
import type { Inline } from '../wording/inline.ts'
import { authentication as say } from '../wording/wording.ts'
import { markdown } from './markdown.ts'

/** One way to authenticate, explained. */
export interface AuthenticationView {
  readonly name: string
  readonly title: string
  /** Sentences; HTML from the document is `description`. */
  readonly steps: readonly (readonly Inline[])[]
  readonly description: string
  /** What `description` was made of: Markdown, hostile. */
  readonly source?: string
  /** Whether the portal's own tokens stand for it. */
  readonly token: boolean
}

export function authentication(model: Pick<ApiModel, 'schemes'>): AuthenticationView[] {
  return Object.values(model.schemes).map((scheme) => ({
    name: scheme.name,
    title: title(scheme),
    steps: [
      ...(scheme.deprecated === true ? [[say.deprecated]] : []),
      ...steps(scheme),
      ...(scheme.bearerFormat === undefined ? [] : [say.format(scheme.bearerFormat)]),
    ],
    description: markdown(scheme.description, 4),
    ...(scheme.description !== undefined && { source: scheme.description }),
    token: scheme.token,
  }))
}

function title(scheme: SecurityScheme): string {
  if (scheme.type !== 'http') return say.schemes[scheme.type]
  if (scheme.scheme === 'bearer' || scheme.scheme === 'basic') return say.schemes[scheme.scheme]
  return say.http(scheme.scheme ?? '')
}

function steps(scheme: SecurityScheme): (readonly Inline[])[] {
  switch (scheme.type) {
    case 'oauth2':
      return [
        ...Object.entries(scheme.flows).map(([name, flow]) => flowInWords(name, flow)),
        ...(scheme.oauth2MetadataUrl === undefined ? [] : [say.describedAt(scheme.oauth2MetadataUrl)]),
        say.bearer,
      ]
    case 'openIdConnect': {
      const url = scheme.openIdConnectUrl
      return url === undefined ? [say.bearer] : [say.provider(url), say.bearer]
    }
    case 'apiKey':
      return [say.key(scheme.in ?? 'header', scheme.parameter ?? scheme.name)]
    case 'mutualTLS':
      return [[say.certificate]]
    case 'http':
      if (scheme.token) return [say.bearer]
      return [scheme.scheme === 'basic' ? say.basic : say.other(scheme.scheme ?? '')]
  }
}

function flowInWords(name: string, { authorizationUrl, deviceAuthorizationUrl, tokenUrl, refreshUrl }: Flow): Inline[] {
  return [
    ...say.flow(name),
    ...(authorizationUrl === undefined ? [] : say.agree(authorizationUrl)),
    ...(deviceAuthorizationUrl === undefined ? [] : say.devicesAt(deviceAuthorizationUrl)),
    ...(tokenUrl === undefined ? [] : say.tokensFrom(tokenUrl)),
    ...(refreshUrl === undefined || refreshUrl === tokenUrl ? [] : say.refreshedAt(refreshUrl)),
  ]
}
