import { watch } from 'chokidar'

/** Milliseconds of silence before a change counts: an editor, or a checkout, writes many files at once. */
const SILENCE = 200

/**
 * Tells of changes below a folder, one round at a time: what changes meanwhile is told in the next.
 *
 * @param every milliseconds after which there is a round in any case
 * @returns what ends it, once watching has begun
 */
export async function watchFolder(
  folder: string,
  changed: () => Promise<void>,
  failed: (error: unknown) => void,
  every: number,
): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> = Promise.resolve()
  const watcher = watch(folder, { ignoreInitial: true, ignored: (path) => /[\\/](\.git|node_modules)$/.test(path) })
  watcher.on('error', failed)
  const next = () => {
    round = round.then(changed).catch(failed)
  }
  watcher.on('all', () => {
    clearTimeout(timer)
    timer = setTimeout(next, SILENCE)
  })
  const clock = setInterval(next, every)
  await new Promise<void>((resolve) => watcher.once('ready', resolve))
  return async () => {
    clearTimeout(timer)
    clearInterval(clock)
    await watcher.close()
    await round
  }
}
