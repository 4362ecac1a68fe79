/** Names of cookies that pages depend on, so that a page which is kept for everyone is told apart by them. */

/** The language that samples are shown in. */
export const SAMPLE = 'sample'
/** What a reader filled in for parameters: a page with someone's values is nobody else's. */
export const VALUES = 'values'
