import type * as english from './english/index.ts'

/** What the interface says. Another language is a folder like `english`, named here. */
export * from './english/index.ts'
export { plain } from './inline.ts'

/** What a language has to say: all that English says, in words of its own. */
export type Language = InOtherWords<typeof english>

type InOtherWords<Said> = Said extends string
  ? string
  : Said extends (...parts: infer Parts) => infer Phrase
    ? (...parts: Parts) => InOtherWords<Phrase>
    : { readonly [Key in keyof Said]: InOtherWords<Said[Key]> }
