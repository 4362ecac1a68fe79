import { type DocumentFinding, finding } from '../access/finding.ts'
import type { ApiModel, Example, MediaType, Operation } from '../model/api.ts'
import { BundledDocument, isObject, type Json, type Located } from '../model/document.ts'
import { isJson } from '../model/media-type.ts'
import { escapePointer, type Schema, type SchemaObject } from '../model/schema.ts'
import { subschemas } from '../model/schema-walk.ts'
import { isItem } from './completion.ts'
import { Resources } from './resources.ts'
import { isAt, keyOf } from './seeds.ts'
import { type Mismatch, Validator } from './validator.ts'

/**
 * Examples that don't fit their own schemas, and items of `seed.yaml` that don't: what the sandbox refuses to serve, said
 * before anyone calls it. Pure, as the findings about access are.
 *
 * @param document the bundled document that `model` was built from
 */
export function sandboxFindings(
  model: ApiModel,
  document: Json,
  seed: Readonly<Record<string, readonly unknown[]>>,
): DocumentFinding[] {
  return [...new Examples(model, new BundledDocument(document)).findings(), ...seedFindings(model, seed)]
}

class Examples {
  readonly #model: ApiModel
  readonly #document: BundledDocument
  readonly #requests: Validator
  readonly #responses: Validator
  /** By pointer: what many operations refer to is said once. */
  readonly #found = new Map<string, DocumentFinding | undefined>()

  constructor(model: ApiModel, document: BundledDocument) {
    this.#model = model
    this.#document = document
    this.#requests = new Validator(model.schemas, 'request')
    this.#responses = new Validator(model.schemas, 'response')
  }

  findings(): DocumentFinding[] {
    for (const operation of this.#model.operations) this.#operation(operation)
    for (const [name, schema] of Object.entries(this.#model.schemas))
      this.#schema(schema, `/components/schemas/${escapePointer(name)}`)
    return [...this.#found.values()].filter((one) => one !== undefined)
  }

  #operation({ pointer, method, path, parameters, body, responses }: Operation): void {
    const subject = `${method} ${path}`
    for (const { name, pointer, examples, schema, mediaType } of parameters)
      if (mediaType === undefined) {
        this.#examples(pointer, examples, schema, this.#requests, `of the parameter ${name} of ${subject}`)
        this.#schema(schema, `${pointer}/schema`)
      }
    const node = this.#document.at(pointer)
    if (!isObject(node)) return
    const holder = { node, pointer }
    if (body !== undefined)
      this.#content(
        this.#document.locate(node.requestBody, `${pointer}/requestBody`),
        body.content,
        this.#requests,
        `of the body of ${subject}`,
      )
    for (const { key, value } of this.#document.children(holder, 'responses')) {
      const response = responses.find(({ status }) => status === key)
      if (response !== undefined)
        this.#content(value, response.content, this.#responses, `of the response ${key} of ${subject}`)
    }
  }

  #content(holder: Located | undefined, content: readonly MediaType[], validator: Validator, subject: string): void {
    if (holder === undefined) return
    for (const { key, value } of this.#document.children(holder, 'content')) {
      const type = key.toLowerCase().trim()
      const media = content.find((one) => one.type === type)
      if (media?.schema === undefined) continue
      if (isJson(type)) this.#examples(value.pointer, media.examples, media.schema, validator, subject)
      this.#schema(media.schema, `${value.pointer}/schema`)
    }
  }

  /** Examples that are written in a schema, and in the schemas in it. Those of a reference are found where it leads. */
  #schema(schema: Schema, pointer: string): void {
    if (typeof schema === 'boolean') return
    for (const [place, value] of ownExamples(schema)) {
      const at = pointer + place
      if (this.#found.has(at)) continue
      // It may be meant for one direction: with what is read only, or what is written only.
      const mismatches = this.#responses.check(value, schema)
      const isWrong = mismatches.length > 0 && this.#requests.check(value, schema).length > 0
      this.#found.set(at, isWrong ? wrongExample('An example in a schema', at, mismatches) : undefined)
    }
    for (const { schema: child, pointer: place } of subschemas(schema)) this.#schema(child, pointer + place)
  }

  /** @param pointer of what has them: a media type or a parameter */
  #examples(
    pointer: string,
    examples: readonly Example[],
    schema: Schema,
    validator: Validator,
    subject: string,
  ): void {
    if (examples.length === 0) return
    const node = this.#document.at(pointer)
    if (!isObject(node)) return
    const places =
      node.example === undefined
        ? new Map(this.#document.children({ node, pointer }, 'examples').map(({ key, value }) => [key, value]))
        : undefined
    for (const { name, value } of examples) {
      const place = places?.get(name)
      // Of a value that is written as text only, the text isn't what the schema describes (OpenAPI 3.2 section 4.19).
      const member = place === undefined ? undefined : ['value', 'dataValue'].find((key) => key in place.node)
      if (value === undefined || (places !== undefined && member === undefined)) continue
      const at = place === undefined ? `${pointer}/example` : `${place.pointer}/${member}`
      if (this.#found.has(at)) continue
      const mismatches = validator.check(value, schema)
      const named = place === undefined ? 'The example' : `The example \`${name}\``
      this.#found.set(at, mismatches.length === 0 ? undefined : wrongExample(`${named} ${subject}`, at, mismatches))
    }
  }
}

function wrongExample(subject: string, pointer: string, mismatches: readonly Mismatch[]): DocumentFinding {
  return finding(
    'example-invalid',
    pointer + (mismatches[0]?.pointer ?? ''),
    `${subject} doesn’t fit its schema: ${said(mismatches)}.`,
    'Correct the example, or the schema: the sandbox neither answers with it nor takes it.',
  )
}

/** By their pointers from the schema. */
function ownExamples({ example, examples }: SchemaObject): [string, unknown][] {
  const listed: [string, unknown][] = Array.isArray(examples)
    ? examples.map((value: unknown, index) => [`/examples/${index}`, value])
    : []
  return example === undefined ? listed : [['/example', example], ...listed]
}

function seedFindings(model: ApiModel, seed: Readonly<Record<string, readonly unknown[]>>): DocumentFinding[] {
  if (Object.keys(seed).length === 0) return []
  const resources = [...new Resources(model).all()]
  const validator = new Validator(model.schemas, 'response')
  return Object.entries(seed).flatMap(([path, items]): DocumentFinding[] => {
    const pointer = `/${escapePointer(path)}`
    const resource = resources.find((one) => isAt(path, one.path))
    if (resource === undefined) {
      const hint = `Its collections are ${resources.map((one) => one.path).join(', ') || 'none'}.`
      return [seedFinding('seed-unknown', pointer, `The API has no collection ${path}.`, hint)]
    }
    return items.flatMap((item, index) => {
      const mismatches = validator.check(item, resource.schema)
      if (mismatches.length === 0 && isItem(item) && keyOf(resource, item, index) !== undefined) return []
      const why = mismatches.length > 0 ? said(mismatches) : `it has no ${resource.key}`
      const message = `Item ${index + 1} of ${path} doesn’t fit what the document says of it: ${why}.`
      const at = `${pointer}/${index}${mismatches[0]?.pointer ?? ''}`
      return [seedFinding('seed-invalid', at, message, 'Correct it. Until then the sandbox leaves it out.')]
    })
  })
}

function seedFinding(code: DocumentFinding['code'], pointer: string, message: string, hint: string): DocumentFinding {
  return { ...finding(code, pointer, message, hint), in: 'seed' }
}

/** Mismatches of one value that are told of. */
const MOST = 3

function said(mismatches: readonly Mismatch[]): string {
  const told = mismatches.slice(0, MOST).map(({ pointer, detail }) => `${pointer} ${shortened(detail)}`.trim())
  return [...told, ...(mismatches.length > MOST ? [`and ${mismatches.length - MOST} more`] : [])].join('; ')
}

/** A list of what is allowed may be long. */
function shortened(detail: string): string {
  return detail.length <= 120 ? detail : `${detail.slice(0, 120)}…`
}
