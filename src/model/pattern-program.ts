import type { Node } from './pattern-syntax.ts'

/** One step of a program, and where it goes on. */
type Step =
  | { readonly does: 'read'; readonly accepts: (character: string) => boolean; readonly next: number }
  | { readonly does: 'fork'; readonly next: readonly number[] }
  | { readonly does: 'assert'; readonly kind: 'start' | 'end' | 'boundary' | 'inside'; readonly next: number }
  | { readonly does: 'accept' }

export interface Program {
  readonly steps: readonly Step[]
  readonly start: number
}

const MAX_STEPS = 5_000
/** Of all steps at all characters. */
const BUDGET = 20_000_000

/** Thompson's construction; undefined for what it can't express, or only at length. */
export function compileProgram(node: Node): Program | undefined {
  const steps: Step[] = [{ does: 'accept' }]
  const add = (step: Step): number | undefined => (steps.length >= MAX_STEPS ? undefined : steps.push(step) - 1)

  /** Built from the end: `next` is where it goes on once `node` has matched. */
  const build = (node: Node, next: number): number | undefined => {
    switch (node.kind) {
      case 'character':
        return add({ does: 'read', accepts: acceptor(node.source), next })
      case 'sequence': {
        let at: number | undefined = next
        for (const part of node.parts.toReversed()) at = at === undefined ? undefined : build(part, at)
        return at
      }
      case 'choice': {
        const options = node.options.map((option) => build(option, next))
        return options.every((option) => option !== undefined) ? add({ does: 'fork', next: options }) : undefined
      }
      case 'repeat':
        return repeat(node, next)
      case 'look':
      case 'back':
        return undefined
      default:
        return add({ does: 'assert', kind: node.kind, next })
    }
  }

  const repeat = ({ part, min, max }: Extract<Node, { kind: 'repeat' }>, next: number): number | undefined => {
    let at: number | undefined = next
    if (max === Infinity) {
      const loop: { does: 'fork'; next: number[] } = { does: 'fork', next: [next] }
      at = add(loop)
      const round = at === undefined ? undefined : build(part, at)
      if (round === undefined) return undefined
      loop.next.push(round)
    } else {
      for (let count = min; count < max && at !== undefined; count++) {
        const round: number | undefined = build(part, at)
        at = round === undefined ? undefined : add({ does: 'fork', next: [round, next] })
      }
    }
    for (let count = 0; count < min && at !== undefined; count++) at = build(part, at)
    return at
  }

  const start = build(node, 0)
  return start === undefined ? undefined : { steps, start }
}

/** Whether the program accepts a part of the text, following all of its ways at once. */
export function run({ steps, start }: Program, text: string): boolean {
  if (text.length * steps.length > BUDGET) return false
  let current = new Set<number>()
  let before: string | undefined
  const characters = [...text, undefined]
  for (const character of characters) {
    // A match may begin anywhere.
    current.add(start)
    for (const index of current) {
      const step = steps[index]
      if (step?.does === 'accept') return true
      if (step?.does === 'fork') for (const next of step.next) current.add(next)
      if (step?.does === 'assert' && holds(step.kind, before, character)) current.add(step.next)
    }
    if (character === undefined) return false
    const following = new Set<number>()
    for (const index of current) {
      const step = steps[index]
      if (step?.does === 'read' && step.accepts(character)) following.add(step.next)
    }
    current = following
    before = character
  }
  return false
}

function holds(
  kind: 'start' | 'end' | 'boundary' | 'inside',
  before: string | undefined,
  after: string | undefined,
): boolean {
  if (kind === 'start') return before === undefined
  if (kind === 'end') return after === undefined
  return (isWord(before) !== isWord(after)) === (kind === 'boundary')
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^\w$/.test(character)
}

/** What one character of the pattern accepts: the engine says, once for each character. */
function acceptor(source: string): (character: string) => boolean {
  const expression = new RegExp(`^${source}$`, 'u')
  const known = new Map<string, boolean>()
  return (character) => {
    const before = known.get(character)
    if (before !== undefined) return before
    const accepts = expression.test(character)
    if (known.size < 1_000) known.set(character, accepts)
    return accepts
  }
}
