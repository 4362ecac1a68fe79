import { mkdir, writeFile } from 'node:fs/promises'
import { compile } from '../../../src/server/compile.ts'
import { singleFile } from '../../../src/spec/folder.ts'

/** Compiles a document as the server’s child process does, and writes what comes of it, and how many milliseconds it took. */
const [file = ''] = process.argv.slice(2)
const began = performance.now()
const compilation = await compile(singleFile(file), 'bench')
if (!compilation.ok) throw new Error(compilation.problems[0]?.message)
const { document, ...model } = compilation.compiled
await mkdir('out')
await writeFile('out/document.json', JSON.stringify(document))
await writeFile('out/model.json', JSON.stringify(model))
await writeFile('out/ms', String(performance.now() - began))
