import { createTwoFilesPatch } from 'diff'

/** How a file would change, as a unified diff; empty where it wouldn't. */
export function fileDiff(file: string, before: string, after: string): string {
  if (before === after) return ''
  const patch = createTwoFilesPatch(before === '' ? '/dev/null' : file, file, before, after, '', '', { context: 2 })
  return patch.replace(/^=+\n/, '')
}
