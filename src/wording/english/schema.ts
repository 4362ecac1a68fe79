import { code, type Inline, joined, link, said } from '../inline.ts'
import { count, names, number } from './language.ts'

const MOST_ENUM_NAMES = 10

export const schema = {
  fields: 'Fields',
  usedBy: 'Used by',
  exampleOf: (name: string) => `Example of ${name}`,
  anyName: 'any name',
  item: (place: string) => `item ${place}`,
  either: (types: readonly string[]) => types.join(' or '),
  option: (place: number) => `Option ${place}`,
  flags: { required: 'required', readOnly: 'read-only', writeOnly: 'write-only', deprecated: 'deprecated' },
  /** Said to whoever lacks the scopes of a field, by what carries it. */
  withheld: { response: 'hidden', request: 'refused when sent', either: 'hidden, and refused when sent' },
  needs: (scopes: readonly string[]) => said`needs ${names(scopes, 'and')}`,
  ungranted: (scopes: readonly string[]) =>
    said`no rule grants ${names(scopes, 'and')}${scopes.length === 1 ? '' : ' together'} here`,
  unassigned: 'who is signed in isn’t one of its people',
  because: (withheld: string, why: readonly Inline[]) => said`${withheld}: ${why}`,
  becauseOf: (withheld: string, why: readonly Inline[]) =>
    said`${withheld.charAt(0).toUpperCase() + withheld.slice(1)}: ${why}.`,
  undescribed: 'not described',
  /** On what opens them, and closes them. */
  itsFields: (number: number) => count(number, 'field'),
  itsChoices: (number: number) => count(number, 'choice'),
  ofName: (name: string) => ` of ${name}`,
  fieldsOf: (name: string) => said`Fields of ${code(name)}`,
  fieldsOfName: (name: string) => `Fields of ${name}`,
  choices: {
    'one of': 'Exactly one of',
    'any of': 'One or more of',
    if: 'Depending on what it holds',
    with: 'Where there is',
    not: 'Never',
  },
  when: (property: string, values: readonly string[]) =>
    said`when ${code(property)} is ${names(values, 'or', MOST_ENUM_NAMES)}`,
  recursion: 'it holds itself',
  tooDeep: 'Its fields nest deeper than this page shows; the document has them.',
  oneOf: 'one of',
  more: (fields: number) => ` and ${number(fields)} more`,
}

const units = {
  characters: (number: number) => count(number, 'character'),
  items: (number: number) => count(number, 'item'),
  entries: (number: number) => count(number, 'entry', 'entries'),
}

/** What a schema allows beyond its type: facts without a stop. */
export const constraints = {
  size: (unit: keyof typeof units, low: number | undefined, high: number | undefined) => {
    const of = units[unit]
    if (low !== undefined && low === high) return `exactly ${of(low)}`
    if (low !== undefined && high !== undefined) return `${number(low)} to ${of(high)}`
    if (low !== undefined) return `at least ${of(low)}`
    return high === undefined ? '' : `at most ${of(high)}`
  },
  between: (low: number, high: number) => `${low} to ${high}`,
  atLeast: (number: number) => `at least ${number}`,
  moreThan: (number: number) => `more than ${number}`,
  atMost: (number: number) => `at most ${number}`,
  lessThan: (number: number) => `less than ${number}`,
  multipleOf: (number: number) => said`a multiple of ${code(String(number))}`,
  matches: (pattern: string) => said`matches ${code(pattern)}`,
  different: 'all different',
  defaultIs: (value: string) => said`default ${code(value)}`,
  names: (fact: readonly Inline[]) => said`names: ${fact}`,
  namesAre: (values: readonly string[]) => said`names: ${names(values, 'or', MOST_ENUM_NAMES)}`,
  with: (required: readonly string[]) => said`with ${names(required, 'and', MOST_ENUM_NAMES)}`,
  closed: 'no other fields',
  noMore: 'no more items',
  takes: (name: string, needed: readonly string[]) => said`${code(name)} takes ${names(needed, 'and')}`,
  contains: (least: number, most: number | undefined, type: string, facts: readonly (readonly Inline[])[]) => {
    const items = most === undefined ? `at least ${count(least, 'item')}` : `${least} to ${count(most, 'item')}`
    return said`${items} of type ${code(type)}${facts.length === 0 ? '' : said` (${joined(facts, ', ')})`}`
  },
  encoded: (encoding: string) => said`encoded as ${code(encoding)}`,
  holds: (type: string) => said`holds ${code(type)}`,
  inXml: (name: string | undefined, as: string | undefined, namespace: string | undefined) =>
    said`in XML${name === undefined ? '' : said` ${code(name)}`}${as === undefined ? '' : `, ${as}`}${namespace === undefined ? '' : said`, of ${code(namespace)}`}`,
  seeAlso: (text: string, href: string) => said`see ${link(text, href)}`,
  suchAs: (values: readonly string[]) => said`such as ${names(values, 'or')}`,
  each: (fact: readonly Inline[]) => said`each: ${fact}`,
  not: {
    anything: 'nothing is valid',
    values: (values: readonly string[]) => said`none of ${names(values, 'or', MOST_ENUM_NAMES)}`,
    value: (value: string) => said`anything but ${code(value)}`,
    fields: (fields: readonly string[]) =>
      fields.length === 1 ? said`without ${names(fields, 'and')}` : said`not with ${names(fields, 'and')} together`,
    pattern: (pattern: string) => said`doesn’t match ${code(pattern)}`,
    type: (type: string | undefined, facts: readonly (readonly Inline[])[]) =>
      said`not ${joined([...(type === undefined ? [] : [code(type)]), ...facts], ', ')}`,
  },
}
