import type { ApiModel } from '../model/api.ts'
import { catalog, machines as say } from '../wording/wording.ts'
import { EVERYTHING } from './lens.ts'
import { apiLinks } from './links.ts'
import { excerpt } from './markdown.ts'
import { line, plainAddress } from './plain-text.ts'

/** `/llms.txt` (llmstxt.org): every API, and where its pages are as Markdown. */
export function llmsIndex(
  models: readonly ApiModel[],
  portal: { readonly name: string; readonly publicUrl: string },
): string {
  const { name, publicUrl } = portal
  const lines = models.map((model) => {
    const { overview } = apiLinks(model.name, EVERYTHING)
    const summary = line(model.summary ?? excerpt(model.description) ?? '')
    const about = [
      summary === '' ? undefined : summary.replace(/[^.!?…]$/, '$&.'),
      `${catalog.lifecycles[model.lifecycle]}.`,
      `[${say.everything}](${publicUrl}${overview}/llms-full.txt),`,
      `[OpenAPI](${publicUrl}${overview}/openapi.json)`,
    ]
    return `- [${line(`${model.title} ${model.version}`)}](${publicUrl}${plainAddress(overview)}): ${about.filter((part) => part !== undefined).join(' ')}`
  })
  return [`# ${name}`, `> ${say.about}`, `## ${say.apis}`, lines.join('\n'), ''].join('\n\n').trimEnd().concat('\n')
}
