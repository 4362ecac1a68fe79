import { csharpHttpclient } from '@scalar/snippetz/plugins/csharp/httpclient'
import { goNative } from '@scalar/snippetz/plugins/go/native'
import { javaNethttp } from '@scalar/snippetz/plugins/java/nethttp'
import { pythonRequests } from '@scalar/snippetz/plugins/python/requests'
import { shellCurl } from '@scalar/snippetz/plugins/shell/curl'
import { isJson } from '../model/media-type.ts'
import type { CallBody, HttpCall } from './http-call.ts'

/** Languages without an SDK of ours yet: they call as any HTTP client does. Where the library of snippets would write something that doesn't run, it is given something else, or its text is mended. */
export const PLAIN_HTTP = [
  { id: 'curl', title: 'curl', write: curl },
  { id: 'python', title: 'Python', write: python },
  { id: 'go', title: 'Go', write: go },
  { id: 'java', title: 'Java', write: java },
  { id: 'csharp', title: 'C#', write: csharp },
] as const

/** The name of a file that a program has to bring along. */
const FILE = 'file'

/** As HAR has it. */
interface PostData {
  mimeType: string
  text?: string
  params?: Param[]
}

interface Param {
  name: string
  value?: string
  fileName?: string
  contentType?: string
}

function postData(body: CallBody): PostData {
  if (body.kind === 'text') return { mimeType: body.type, text: body.text }
  if (body.kind === 'file') return { mimeType: 'application/octet-stream', text: `@${FILE}` }
  const [mimeType = ''] = body.type.split(';')
  const params = body.parts.map(({ name, value, type }) => ({
    name,
    ...(value === undefined ? { fileName: FILE } : { value }),
    ...(type !== undefined && { contentType: type }),
  }))
  return { mimeType, params }
}

function request({ method, url, headers, body }: HttpCall, data = body && postData(body)) {
  return { method, url, headers: [...headers], ...(data !== undefined && { postData: data }) }
}

function curl(call: HttpCall): string {
  const { body } = call
  const data = body && postData(body)
  const read = (data?.params ?? []).filter(({ value }) => value !== undefined && isReadByCurl(value))
  for (const param of read) delete param.contentType
  let code = withVariables(shellCurl.generate(request(call, data)), call).replace(/--request HEAD\b/, '--head')
  if (body?.kind === 'text') code = code.replace(/\n {2}--data(-binary)? (?='@)/, '\n  --data-raw ')
  if (body?.kind === 'multipart')
    for (const { name, value } of read) {
      const part = `'${`${name}=${value}`.replaceAll("'", "'\\''")}'`
      code = code.replace(`\n  --form ${part}`, () => `\n  --form-string ${part}`)
    }
  return code
}

/** In a part, curl takes some values for the names of files, or for more than a value: a document must not choose what is uploaded. */
function isReadByCurl(value: string): boolean {
  return /^[@<"(=]|;/.test(value)
}

/** Credentials are variables of the shell, which it reads in double quotes only. */
function withVariables(command: string, { url, headers, placeholders }: HttpCall): string {
  let code = command
  for (const placeholder of placeholders)
    for (const word of [url, ...headers.map(({ name, value }) => `${name}: ${value}`)])
      if (word.endsWith(placeholder) && !/["$`\\']/.test(word)) {
        const written = word === url && !code.startsWith("curl '") ? word : `'${word}'`
        // Credentials come first among the headers, so that no example is taken for one.
        code = code.replace(written, () => `"${word.slice(0, -placeholder.length)}$${placeholder}"`)
      }
  return code
}

function python(call: HttpCall): string {
  const { body } = call
  const data = body && pythonData(body)
  const code = pythonRequests
    .generate(request(call, data?.given))
    .replace(`data="${ELSEWHERE}"`, () => `data=${data?.literal}`)
  return ['import requests', '', `response = ${code}`, 'print(response.text)'].join('\n')
}

const ELSEWHERE = 'the body'

/** What the library is given, and what is written for {@link ELSEWHERE}: it knows no body but JSON and forms. */
function pythonData(body: CallBody): { given: PostData; literal?: string } {
  const elsewhere = { mimeType: 'application/json', text: ELSEWHERE }
  if (body.kind === 'file') return { given: elsewhere, literal: `open("${FILE}", "rb")` }
  if (body.kind === 'text') {
    const { type, text } = body
    if (isJson(type) && isPythonic(text)) return { given: { mimeType: 'application/json', text } }
    const ascii = /^[\x20-\x7e\s]*$/.test(text)
    return { given: elsewhere, literal: `${JSON.stringify(text)}${ascii ? '' : '.encode()'}` }
  }
  const given = postData(body)
  if (body.kind === 'form' || body.parts.some(({ value, type }) => value === undefined || type !== undefined))
    return { given }
  // Without a type for some part, it would be sent as the other kind of form.
  return { given: { ...given, params: given.params?.map((part) => ({ ...part, contentType: 'text/plain' })) ?? [] } }
}

/** An object or a list; and no text in it that the library would take for `true`, `false` or `null`. */
function isPythonic(json: string): boolean {
  return /^[[{]/.test(json) && !/: (true|false|null)(,|\\n)/.test(json)
}

function go(call: HttpCall): string {
  const { body } = call
  const data = body && postData(body)
  // Its forms hold one value for each name.
  const names = body?.kind === 'form' ? body.parts.map(({ name }) => name) : []
  const given =
    body?.kind === 'form' && new Set(names).size < names.length
      ? { mimeType: body.type, text: urlEncoded(body.parts) }
      : body?.kind === 'text' && isJson(body.type)
        ? { mimeType: 'application/json', text: body.text }
        : data
  const code = goNative.generate(request(call, given))
  if (body?.kind !== 'file') return code
  return code
    .replace('\t"strings"\n', '\t"os"\n')
    .replace(`payload := strings.NewReader("@${FILE}")`, `payload, _ := os.Open("${FILE}")`)
}

function urlEncoded(parts: readonly { readonly name: string; readonly value?: string }[]): string {
  return String(new URLSearchParams(parts.map(({ name, value = '' }) => [name, value])))
}

const JAVA_IMPORTS = ['HttpClient', 'HttpRequest', 'HttpResponse'].map((name) => `import java.net.http.${name};`)

function java(call: HttpCall): string {
  const code = javaNethttp
    .generate(request(call))
    .replace(
      `"@${FILE}".getBytes(java.nio.charset.StandardCharsets.UTF_8)`,
      `java.nio.file.Files.readAllBytes(java.nio.file.Path.of("${FILE}"))`,
    )
  return [...JAVA_IMPORTS, '', code].join('\n')
}

/** The library quotes less than the language asks for. */
function csharp(call: HttpCall): string {
  const { headers, body } = call
  const type = body?.kind === 'file' ? body.type : 'application/octet-stream'
  const code = csharpHttpclient
    .generate({
      ...request(call, body && csharpData(body)),
      headers: headers.map(({ name, value }) => ({ name: quoted(name), value: quoted(value) })),
    })
    .replace(
      `new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes("@${FILE}"))`,
      `new StreamContent(File.OpenRead("${FILE}"))`,
    )
    .replace('MediaTypeHeaderValue("application/octet-stream")', () => `MediaTypeHeaderValue("${quoted(type)}")`)
  return /\w+HeaderValue\(/.test(code) ? `using System.Net.Http.Headers;\n\n${code}` : code
}

function csharpData(body: CallBody): PostData {
  const { params, ...rest } = postData(body)
  if (params === undefined) return rest
  // Of parts, it leaves only line breaks as they are.
  const mended = params.map((param) =>
    body.kind === 'form'
      ? { ...param, name: quoted(param.name), value: quoted(param.value ?? '') }
      : { ...param, ...(param.value !== undefined && { value: param.value.replace(/\s+/g, ' ') }) },
  )
  return { ...rest, params: mended }
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
