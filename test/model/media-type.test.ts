import { expect, test } from 'vitest'
import { isJson } from '../../src/model/media-type.ts'

test.each(['application/json', 'application/problem+json', 'text/json; charset=utf-8', 'Application/JSON'])(
  '%s is JSON',
  (type) => expect(isJson(type)).toBe(true),
)

test.each(['application/json-seq', 'application/jsonl', 'application/x-ndjson', 'text/plain; of=a/json', 'json'])(
  '%s is not',
  (type) => expect(isJson(type)).toBe(false),
)
