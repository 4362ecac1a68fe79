import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { readEnvironment } from '../server/environment.ts'
import { POLICIES_FILE } from '../spec/policies-file.ts'
import { formatProblem, type Problem } from '../spec/problem.ts'
import { graded, type Severities, severitiesSchema } from '../spec/severity.ts'
import { CommandError } from './command-error.ts'
import { compileFolder, findDocument } from './document.ts'
import { checkShared } from './policy/files.ts'
import { message, print } from './print.ts'

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('what is wrong with documents, each finding with file:line:column')
    .argument('<document...>', 'documents, or policies.yaml')
    .option('--severity <code=level...>', 'how grave findings are: error, warning or off; access.yaml says it for good')
    .option('--json', 'print the findings as JSON')
    .action(async (documents: string[], options: { json?: true; severity?: string[] }) => {
      const severities = readSeverities(options.severity ?? [])
      const problems: Problem[] = []
      for (const document of documents) {
        problems.push(...graded(await findingsOf(document), severities))
      }
      if (options.json) print(JSON.stringify(problems))
      else for (const problem of problems) print(formatProblem(problem))
      if (problems.length > 0) process.exitCode = 1
      else if (!options.json) message('No findings.')
    })
}

async function findingsOf(document: string): Promise<readonly Problem[]> {
  if (basename(document) === POLICIES_FILE)
    return checkShared(document === POLICIES_FILE ? join(readEnvironment(process.env).specsDir, document) : document)
  const compilation = await compileFolder(await findDocument(document), true)
  return compilation.ok ? compilation.compiled.problems : compilation.problems
}

function readSeverities(options: readonly string[]): Severities {
  const read = severitiesSchema.safeParse(Object.fromEntries(options.map((option) => option.split('=', 2))))
  if (read.success) return read.data
  throw new CommandError(`--severity ${options.join(' ')}: it takes the code of a finding and error, warning or off.`)
}
