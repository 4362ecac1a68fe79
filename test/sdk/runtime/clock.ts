import { afterEach, beforeEach, vi } from 'vitest'

/** A clock that the test moves: only the date is its own, timers go on. @returns moves it, by seconds */
export function fakeClock(): (seconds: number) => void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  return (seconds) => {
    vi.setSystemTime(Date.now() + seconds * 1_000)
  }
}
