import type { ApiModel } from '../model/api.ts'
import { resourceOf } from '../model/audience.ts'
import type { Handler } from './dispatch.ts'
import { sendJson, sendProblem } from './headers.ts'

export function resourceMetadataUrl(publicUrl: string, api: string): string {
  return `${publicUrl}/.well-known/oauth-protected-resource/sandbox/${api}`
}

/** Protected resource metadata (RFC 9728 section 3) of an API's sandbox; of public APIs only, since nobody signs in here. */
export function protectedResource(publicUrl: string, model: ApiModel | undefined): Handler {
  return (_, response) => {
    if (model === undefined) return sendProblem(response, 404, 'Not Found', 'There is no such resource.')
    response.setHeader('Access-Control-Allow-Origin', '*')
    sendJson(response, 200, {
      resource: resourceOf(publicUrl, model.name),
      authorization_servers: [`${publicUrl}/oauth`],
      scopes_supported: model.scopes.map(({ name }) => name),
      bearer_methods_supported: ['header'],
      resource_name: model.title,
      resource_documentation: `${publicUrl}/apis/${model.name}`,
    })
  }
}
