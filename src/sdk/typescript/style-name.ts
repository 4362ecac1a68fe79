import type * as runtime from '../../../sdk-templates/typescript/runtime/styles.ts'
import type { ParameterPlan } from '../plan/plan.ts'

type Styles = typeof runtime
/** A function of the runtime that serialises a parameter. */
export type StyleName = {
  [Name in keyof Styles]: Styles[Name] extends runtime.ValueStyle | runtime.PairStyle ? Name : never
}[keyof Styles]

export type StyledParameter = Pick<ParameterPlan, 'in' | 'style' | 'explode' | 'allowReserved'> &
  Partial<Pick<ParameterPlan, 'content'>>

/** Text, a number or the like in the usual style: the runtime writes it as it is, and needs no function for it. */
export function isPlain({ style, allowReserved, content, schema }: ParameterPlan): boolean {
  const usual = (style === 'simple' || style === 'form') && !allowReserved && content === undefined
  return usual && typeof schema === 'object' && isScalar(schema.type)
}

/** The function of the runtime that serialises a parameter. */
export function styleName(parameter: StyledParameter): StyleName {
  const { in: place, style, explode, content } = parameter
  if (place === 'path') return content === undefined ? pathStyle(style, explode) : 'contentValue'
  if (place === 'header') return content !== undefined ? 'contentHeader' : explode ? 'explodedHeader' : 'header'
  return content === undefined ? pairStyle(parameter) : 'contentPair'
}

function pathStyle(style: ParameterPlan['style'], explode: boolean): StyleName {
  if (style === 'label') return explode ? 'explodedLabel' : 'label'
  if (style === 'matrix') return explode ? 'explodedMatrix' : 'matrix'
  return explode ? 'explodedSimple' : 'simple'
}

function pairStyle({ style, explode, allowReserved }: StyledParameter): StyleName {
  const delimited = style === 'spaceDelimited' || style === 'pipeDelimited'
  const name = style === 'deepObject' ? style : explode ? 'form' : delimited ? style : 'joinedForm'
  return allowReserved ? RESERVED[name] : name
}

const RESERVED = {
  form: 'reservedForm',
  joinedForm: 'reservedJoinedForm',
  spaceDelimited: 'reservedSpaceDelimited',
  pipeDelimited: 'reservedPipeDelimited',
  deepObject: 'reservedDeepObject',
} as const

function isScalar(type: unknown): boolean {
  const types = Array.isArray(type) ? type : [type]
  return types.every((each) => ['string', 'integer', 'number', 'boolean', 'null'].includes(each as string))
}
