import { Validator } from '../sandbox/validator.ts'
import { tryFields as say } from '../wording/wording.ts'
import { modelOf } from './browser-world.ts'

/** What the sandbox would say against a body, in a line each. */
export async function bodyProblems(
  modelUrl: string,
  operationId: string,
  type: string,
  body: unknown,
): Promise<string[]> {
  const model = await modelOf(modelUrl)
  const operation = model.operations.find(({ id }) => id === operationId)
  const schema = operation?.body?.content.find((media) => media.type === type)?.schema
  if (schema === undefined) return []
  const mismatches = new Validator(model.schemas, 'request').check(body, schema)
  return [...new Set(mismatches.map(({ pointer, detail }) => say.mismatch(pointer, detail)))]
}
