import { compileProgram, run } from './pattern-program.ts'
import { type Node, parsePattern } from './pattern-syntax.ts'

/** What matching one text may cost, in steps. */
const BUDGET = 1_000_000
/** Of a text so short that even an exponential pattern is done at once. */
const SHORT = 12

/**
 * A test for a document's regular expression (ECMA-262 with `u`, found anywhere in the text as JSON Schema has it) that no
 * text can stall. The engine's own backtracking runs where its worst case is small; beyond that, all ways are followed at
 * once, in time proportional to the text. What can't be done so (lookaround, backreferences) on a text that is too long
 * doesn't match. Undefined: it is no regular expression.
 */
export function patternTest(source: string): ((text: string) => boolean) | undefined {
  const native = nativeOf(source)
  if (native === undefined) return undefined
  const parsed = parsePattern(source)
  if (parsed === undefined) return (text) => text.length <= SHORT && native.test(text)
  let program: ReturnType<typeof compileProgram> | 'unmade' = 'unmade'
  return (text) => {
    if (text.length <= SHORT || backtracking(parsed, text.length) <= BUDGET) return native.test(text)
    if (program === 'unmade') program = compileProgram(parsed)
    return program !== undefined && run(program, text)
  }
}

function nativeOf(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The most steps that backtracking takes on a text of this length, roughly. */
function backtracking(node: Node, length: number): number {
  const anchored = node.kind === 'sequence' && node.parts[0]?.kind === 'start'
  return ways(node, length) * length * (anchored ? 1 : length)
}

function ways(node: Node, length: number): number {
  switch (node.kind) {
    case 'sequence':
      return node.parts.reduce((product, part) => product * ways(part, length), 1)
    case 'choice':
      return node.options.reduce((sum, option) => sum + ways(option, length), 0)
    case 'repeat': {
      const inner = ways(node.part, length)
      const times = Math.min(node.max, length)
      if (times <= 1) return inner + 1
      // Each round can go several ways, and so can the next.
      if (inner > 1) return inner ** times
      return Math.max(1, Math.min(node.max - node.min + 1, length))
    }
    case 'look':
      return ways(node.part, length) * length
    default:
      return 1
  }
}
