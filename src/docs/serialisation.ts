import type { ApiModel, Encoding, Example, Header, Parameter } from '../model/api.ts'
import type { Schema } from '../model/schema.ts'
import type { Inline } from '../wording/inline.ts'
import { constraints, serialisation as say } from '../wording/wording.ts'
import { parameterText } from './parameter-text.ts'
import { type FlatSchema, flatten, types } from './schema-flat.ts'
import { literal } from './type-name.ts'

type Schemas = Pick<ApiModel, 'schemas'>

const LIST = ['a', 'b']
const MOST_EXAMPLES = 3

/** How a parameter is written, where a reader wouldn't guess it: shown by an example, `ids=a&ids=b`. */
export function written(parameter: Parameter, { schemas }: Schemas): Inline[][] {
  const { name, mediaType, in: place, allowReserved } = parameter
  const facts: Inline[][] = []
  if (mediaType !== undefined) facts.push(say.as(mediaType))
  else {
    const value = structured(flatten(parameter.schema, schemas))
    const odd = parameter.style === 'label' || parameter.style === 'matrix'
    if (value !== undefined || odd) {
      const written = parameterText(parameter)(value ?? 'a')
      const text = legible(written.join(place === 'cookie' ? '; ' : '&'))
      facts.push(say.writtenAs(place === 'header' ? `${name}: ${text}` : text))
    }
  }
  if (allowReserved) facts.push(say.reserved)
  return facts
}

/** A value with the schema's own names, if it has any parts. */
function structured(flat: FlatSchema): unknown {
  const kinds = types(flat)
  if (kinds.includes('array')) return LIST
  if (!kinds.includes('object')) return undefined
  const [first = 'k', second = 'l'] = flat.properties.keys()
  return { [first]: 1, [second]: 2 }
}

/** How a part of a form is sent, where the document says. */
export function encoded(
  { contentType, style, explode, allowReserved }: Encoding,
  name: string,
  schema: Schema,
  { schemas }: Schemas,
): Inline[][] {
  const styled = style !== 'form' || !explode
  const parameter = { in: 'query', name, style, explode, allowReserved } as const
  return [
    ...(contentType === undefined ? [] : [say.as(contentType)]),
    ...(styled
      ? [say.writtenAs(legible(parameterText(parameter)(structured(flatten(schema, schemas)) ?? 'a').join('&')))]
      : []),
    ...(allowReserved ? [say.reserved] : []),
  ]
}

/** Brackets as a document writes them; a program percent-encodes them. */
function legible(text: string): string {
  return text.replaceAll('%5B', '[').replaceAll('%5D', ']')
}

export function headerWritten({ mediaType }: Header): Inline[][] {
  return mediaType === undefined ? [] : [say.as(mediaType)]
}

/** Of a parameter or header: in the place of those that its schema gives. With a name, each is said with it. */
export function exampleFacts(examples: readonly Example[]): Inline[][] {
  const named = examples.filter(({ summary, description }) => summary !== undefined || description !== undefined)
  if (named.length === 0) {
    const values = examples.flatMap(({ value }) => (value === undefined ? [] : [literal(value)]))
    return values.length === 0 ? [] : [constraints.suchAs(values.slice(0, MOST_EXAMPLES))]
  }
  return examples.flatMap(({ value, summary, description, name }): Inline[][] =>
    value === undefined
      ? []
      : [say.example(literal(value), [summary ?? name, description].filter((part) => part !== undefined).join(': '))],
  )
}
