import { startBrowserSandbox } from '../../src/sandbox/browser.ts'
import { type Replayed, replay, SESSIONS } from '../sandbox/recorded-session.ts'
import { INJECTED } from '../sandbox/request.ts'
import type { Subject } from '../sandbox/subjects.ts'

/** The program of the page in which {@link ./places.test.ts} replays. */
export async function replayHere({ name, model, data }: Omit<Subject, 'session'>): Promise<Replayed[]> {
  const sandbox = await startBrowserSandbox({ ...INJECTED, model, data })
  try {
    return await replay(SESSIONS[name], location.origin, (request) => fetch(request))
  } finally {
    sandbox.stop()
  }
}

Object.assign(globalThis, { replayHere })
