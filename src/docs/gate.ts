/** How a thing stands for whom the page is seen as: callable, callable with a further scope, denied, or not known. */
export type Gate = 'open' | 'scope' | 'shut' | 'unknown'
