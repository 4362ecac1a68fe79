import * as oauth from 'oauth4webapi'

/** The issuer as an ordinary client meets it. */
export interface Issuer {
  readonly url: string
  /** Reaches it without leaving the machine, if given. */
  readonly fetch?: IssuerFetch
}

/** As oauth4webapi calls it. */
export type IssuerFetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: BodyInit | null | undefined
    redirect: 'manual'
    signal?: AbortSignal
  },
) => Promise<Response>

export type Registered =
  | { readonly ok: true; readonly clientId: string; readonly clientSecret?: string }
  | { readonly ok: false; readonly error: string; readonly description?: string }

const direct: IssuerFetch = (url, { body, ...init }) => fetch(url, { ...init, body: body ?? null })

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Dynamic client registration (RFC 7591) and management (RFC 7592) over HTTP. */
export function registrationAt({ url, fetch = direct }: Issuer) {
  const issuer = new URL(url)
  const http = {
    [oauth.customFetch]: fetch,
    ...(LOOPBACK.has(issuer.hostname) ? { [oauth.allowInsecureRequests]: true } : {}),
  }
  let metadata: Promise<oauth.AuthorizationServer> | undefined

  function discover(): Promise<oauth.AuthorizationServer> {
    metadata ??= oauth
      .discoveryRequest(issuer, { ...http, algorithm: 'oauth2' })
      .then((response) => oauth.processDiscoveryResponse(issuer, response))
      .catch((error: unknown) => {
        // The next call tries again.
        metadata = undefined
        throw error
      })
    return metadata
  }

  return {
    async register(client: Record<string, oauth.JsonValue>, initialAccessToken: string): Promise<Registered> {
      const request = await oauth.dynamicClientRegistrationRequest(await discover(), client, {
        ...http,
        initialAccessToken,
      })
      try {
        const registered = await oauth.processDynamicClientRegistrationResponse(request)
        const { client_id: clientId, client_secret: secret } = registered
        return { ok: true, clientId, ...(typeof secret === 'string' ? { clientSecret: secret } : {}) }
      } catch (error) {
        return refused(error)
      }
    },

    /** Replaces all of a client's metadata (RFC 7592, section 2.2). A secret comes with it only where it is new. */
    async update(
      clientId: string,
      client: Record<string, oauth.JsonValue>,
      registrationToken: string,
    ): Promise<Registered> {
      const { registration_endpoint: endpoint } = await discover()
      const response = await fetch(`${endpoint}/${encodeURIComponent(clientId)}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${registrationToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...client, client_id: clientId }),
        redirect: 'manual',
      })
      const answer = (await response.json()) as Record<string, unknown>
      const { error, error_description: description, client_secret: secret } = answer
      if (response.ok) return { ok: true, clientId, ...(typeof secret === 'string' ? { clientSecret: secret } : {}) }
      return {
        ok: false,
        error: String(error),
        ...(typeof description === 'string' ? { description } : {}),
      }
    },
  }
}

/** What the one who filled in the form can do something about; the rest is a fault. */
function refused(error: unknown): Registered {
  if (!(error instanceof oauth.ResponseBodyError) || error.status !== 400) throw error
  const { error: code, error_description: description } = error
  return { ok: false, error: code, ...(description === undefined ? {} : { description }) }
}
