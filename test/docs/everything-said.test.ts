import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { call, contract } from '../../src/components/markup/contract.ts'
import { schemaNode } from '../../src/components/markup/schema.ts'
import { EVERYTHING, viewer } from '../../src/docs/lens.ts'
import { apiLinks } from '../../src/docs/links.ts'
import { callView, operationContract } from '../../src/docs/operation-page.ts'
import { plainApi, plainOperation, plainSchema, plainWebhook } from '../../src/docs/plain-page.ts'
import { schemaPage } from '../../src/docs/schema-page.ts'
import { modelAt } from '../consumers/models.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/documents')

describe.each(['everything-3.1.yaml', 'everything-3.2.yaml'])('of %s', async (file) => {
  const source = await readFile(join(FOLDER, file), 'utf8')
  const model = await modelAt(join(FOLDER, file), 'api')
  const seen = viewer(EVERYTHING, model, [])
  const links = apiLinks(model.name, EVERYTHING)
  const [head = '', body = ''] = source.split(/^paths:$/m)
  const wordsOf = (text: string): string[] => [...new Set(text.match(/\bmk[A-Z]\w*/g))]

  test('what it says of operations, webhooks and schemas is on their pages', () => {
    const pages = [
      ...model.operations.flatMap((operation) => [
        operation.summary,
        operation.externalDocs?.url,
        operation.externalDocs?.description,
        contract(operationContract(operation, model, seen), links),
        ...operation.callbacks.flatMap((callback) => [
          callback.summary,
          callback.expression,
          call(callView(callback, model, seen), links, false),
        ]),
      ]),
      ...model.webhooks.flatMap((webhook) => [webhook.summary, call(callView(webhook, model, seen), links, true)]),
      ...Object.keys(model.schemas).flatMap((name) => {
        const node = schemaPage(name, model, seen)?.node
        return node === undefined ? [] : [node.description, schemaNode(node, links, name)]
      }),
    ].join('\n')
    const [calls = '', components = ''] = body.split(/^components:$/m)
    const schemas = components.slice(components.indexOf('  schemas:'))
    expect(
      wordsOf(calls + schemas).filter((word) => !pages.includes(word) && !model.tags.some(({ name }) => name === word)),
    ).toEqual([])
  })

  test('all that it says is in the Markdown', () => {
    const context = { model, viewer: seen, npmScope: 'acme', publicUrl: 'https://p' }
    const pages = [
      plainApi(model, seen, links, []),
      ...model.operations.map((operation) => plainOperation(operation, context, links)),
      ...model.webhooks.map((webhook) => plainWebhook(webhook, model, seen, links)),
      ...Object.keys(model.schemas).map((name) => plainSchema(name, model, seen, links)),
    ].join('\n')
    expect(wordsOf(head + body).filter((word) => !pages.includes(word))).toEqual([])
  })
})
