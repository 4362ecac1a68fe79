import type { Command } from 'commander'
import { formatProblem, type Problem } from '../spec/problem.ts'
import { compileFolder, findDocument } from './document.ts'
import { message, print } from './print.ts'

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('what is wrong with documents, each finding with file:line:column')
    .argument('<document...>')
    .option('--json', 'print the findings as JSON')
    .action(async (documents: string[], options: { json?: true }) => {
      const problems: Problem[] = []
      for (const document of documents) {
        const folder = await findDocument(document)
        const compilation = await compileFolder(folder)
        problems.push(...(compilation.ok ? compilation.compiled.problems : compilation.problems))
      }
      if (options.json) print(JSON.stringify(problems))
      else for (const problem of problems) print(formatProblem(problem))
      if (problems.length > 0) process.exitCode = 1
      else if (!options.json) message('No findings.')
    })
}
