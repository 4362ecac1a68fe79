import * as oauth from 'oauth4webapi'
import type { AuthorizationPage } from '../../src/authorization-server/page.ts'
import { Browser } from './browser.ts'
import { insecure, type Running } from './running.ts'

/** A device that shows a code, and asks for its tokens with `poll`. */
export async function startDevice(running: Running, parameters: Record<string, string> = { scope: 'api:read' }) {
  const client = await running.register({ client_name: 'TV', sallyport_kind: 'device', sallyport_apis: ['publishing'] })
  const server = await running.metadata()
  const response = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), parameters, insecure)
  const code = await oauth.processDeviceAuthorizationResponse(server, client, response)
  const poll = async () => {
    const answer = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), code.device_code, insecure)
    return oauth.processDeviceCodeResponse(server, client, answer)
  }
  return { client, code, poll, browser: new Browser(running.publicUrl) }
}

export async function shownPage(response: Response): Promise<AuthorizationPage> {
  return (await response.json()) as AuthorizationPage
}

/** Types the code, and answers the question whether the device shows it. */
export async function connectDevice(
  browser: Browser,
  userCode: string,
  { personId, answer = 'confirm' }: { readonly personId: string; readonly answer?: 'confirm' | 'abort' },
) {
  const asked = await shownPage(await browser.fetch('/oauth/device'))
  if (asked.kind !== 'device-code') throw new Error(`Shown: ${asked.kind}`)
  const shown = await shownPage(await browser.fetch(asked.action, { xsrf: asked.xsrf, user_code: userCode }))
  if (shown.kind !== 'device-confirmation') return { shown, end: shown }
  const { xsrf, action } = shown
  const posted = await browser.fetch(action, { xsrf, user_code: userCode, [answer]: 'yes' })
  const to = posted.headers.get('location')
  if (to === null) return { shown, end: await shownPage(posted) }
  const { response, seen } = await browser.follow(to, (pending) =>
    pending.kind === 'sign-in' ? `person=${personId}` : `allow=${pending.scopes.map(({ name }) => name).join('+')}`,
  )
  return { shown, seen, end: response === undefined ? undefined : await shownPage(response) }
}
