import * as oauth from 'oauth4webapi'
import { AuthenticationError } from '../errors.ts'
import { sleep } from '../retry.ts'
import { granted } from './auth.ts'
import type { AuthorizationServer, TokenResponse } from './authorization-server.ts'
import { http } from './library.ts'
import type { Auth, GrantOptions } from './options.ts'
import { refresh } from './refresh-token.ts'

/** What a person has to be shown: where to go, and the code to type in there. */
export interface DevicePrompt {
  readonly verificationUri: string
  /** The same with the code in it, for a link or a QR code. */
  readonly verificationUriComplete: string | undefined
  readonly userCode: string
  /** Seconds. */
  readonly expiresIn: number
}

export interface DeviceCodeOptions extends GrantOptions {
  readonly prompt: (prompt: DevicePrompt) => void
}

/** A person signs in on another device (RFC 8628): for programs without a browser. */
export function deviceCode({ prompt, ...options }: DeviceCodeOptions): Auth {
  return granted(options, {
    ofPerson: true,
    refresh,
    begin: async (server, scopes) => {
      const device = await server.request(async (party) => {
        const { server: at, client, authentication } = party
        const parameters = server.parameters(scopes)
        const response = await oauth.deviceAuthorizationRequest(at, client, authentication, parameters, http(party))
        return oauth.processDeviceAuthorizationResponse(at, client, response)
      })
      prompt({
        verificationUri: device.verification_uri,
        verificationUriComplete: device.verification_uri_complete,
        userCode: device.user_code,
        expiresIn: device.expires_in,
      })
      return poll(server, device.device_code, device.interval ?? 5)
    },
  })
}

/** Asks until the person has decided, at the pace that the server sets (RFC 8628 section 3.5). The code's end ends it. */
async function poll(server: AuthorizationServer, code: string, interval: number): Promise<TokenResponse> {
  const parameters = server.resource()
  parameters.set('grant_type', 'urn:ietf:params:oauth:grant-type:device_code')
  parameters.set('device_code', code)
  for (let seconds = interval; ; ) {
    await sleep(seconds * 1_000)
    try {
      return await server.token(parameters, { secrets: [code] })
    } catch (error) {
      const reason = error instanceof AuthenticationError ? error.code : undefined
      if (reason === 'slow_down') seconds += 5
      else if (reason !== 'authorization_pending') throw error
    }
  }
}
