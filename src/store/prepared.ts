import type { Compilable, CompiledQuery, QueryResult } from 'kysely'

type Value = string | number | null

/** Stands in a query for a value that is given when it runs. */
class Place {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** Runs a query by itself, outside of any transaction. */
export type Execute = <Row>(query: CompiledQuery<Row>) => Promise<QueryResult<Row>>

/**
 * A query that is built and compiled once, not each time that it runs: for those that every token needs, where that takes
 * longer than the database.
 *
 * @param build gets, by name, what stands for each value
 */
export function prepared<Values extends Readonly<Record<string, Value>>, Row>(
  execute: Execute,
  build: (value: <Name extends keyof Values & string>(name: Name) => Values[Name]) => Compilable<Row>,
) {
  // Kysely passes on as a parameter whatever it finds in place of a value.
  const compiled = build((name) => new Place(name) as unknown as Values[typeof name]).compile()
  return (values: Values) => {
    const parameters = compiled.parameters.map((one) => (one instanceof Place ? values[one.name] : one))
    return execute<Row>({ ...compiled, parameters })
  }
}
