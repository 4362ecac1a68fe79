import type { ApiModel, Flow, SecurityScheme } from '../model/api.ts'
import { code, type Inline } from './inline.ts'
import { markdown } from './markdown.ts'

/** One way to authenticate, explained. */
export interface AuthenticationView {
  readonly name: string
  readonly title: string
  /** Sentences; HTML from the document is `description`. */
  readonly steps: readonly (readonly Inline[])[]
  readonly description: string
  /** Whether the portal's own tokens stand for it. */
  readonly token: boolean
}

const FLOWS: Readonly<Record<string, readonly [string, string]>> = {
  authorizationCode: ['Authorization code', 'for an app that acts for someone who signs in'],
  clientCredentials: ['Client credentials', 'for a service that acts for itself'],
  deviceAuthorization: ['Device authorization', 'for a device without a browser'],
  implicit: ['Implicit', 'for old browser apps; new ones should use an authorization code with PKCE'],
  password: ['Password', 'which shows an app its user’s password; avoid it'],
}

export function authentication(model: Pick<ApiModel, 'schemes'>): AuthenticationView[] {
  return Object.values(model.schemes).map((scheme) => ({
    name: scheme.name,
    title: title(scheme),
    steps: steps(scheme),
    description: markdown(scheme.description, 4),
    token: scheme.token,
  }))
}

function title(scheme: SecurityScheme): string {
  const titles = {
    oauth2: 'OAuth 2.0',
    openIdConnect: 'OpenID Connect',
    apiKey: 'A key',
    mutualTLS: 'A client certificate',
  }
  if (scheme.type !== 'http') return titles[scheme.type]
  return scheme.scheme === 'bearer'
    ? 'A bearer token'
    : scheme.scheme === 'basic'
      ? 'User name and password'
      : `HTTP ${scheme.scheme ?? ''}`
}

function steps(scheme: SecurityScheme): Inline[][] {
  const bearer: Inline[] = ['Send the access token with each call: ', code('Authorization: Bearer <token>'), '.']
  switch (scheme.type) {
    case 'oauth2':
      return [...Object.entries(scheme.flows).map(([name, flow]) => flowInWords(name, flow)), bearer]
    case 'openIdConnect': {
      const url = scheme.openIdConnectUrl
      return [...(url === undefined ? [] : [['The provider describes itself at ', code(url), '.']]), bearer]
    }
    case 'apiKey': {
      const place = { header: 'header', query: 'query parameter', cookie: 'cookie' }[scheme.in ?? 'header']
      return [
        ['Send the key in the ', place, ' ', code(scheme.parameter ?? scheme.name), '. A token doesn’t stand for it.'],
      ]
    }
    case 'mutualTLS':
      return [['Present a client certificate when you connect. A token doesn’t stand for it.']]
    case 'http':
      if (scheme.token) return [bearer]
      if (scheme.scheme === 'basic') return [['Send ', code('Authorization: Basic <user:password in Base64>'), '.']]
      return [['Send ', code(`Authorization: ${scheme.scheme ?? ''} …`), '.']]
  }
}

function flowInWords(name: string, { authorizationUrl, tokenUrl }: Flow): Inline[] {
  const [flow, use] = FLOWS[name] ?? [name, '']
  const authorize: Inline[] = authorizationUrl === undefined ? [] : [' People agree at ', code(authorizationUrl), '.']
  const token: Inline[] = tokenUrl === undefined ? [] : [' Tokens come from ', code(tokenUrl), '.']
  return [{ strong: flow }, use === '' ? '.' : `, ${use}.`, ...authorize, ...token]
}
