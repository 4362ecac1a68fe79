import { watch } from 'chokidar'

/** Milliseconds of silence before a change counts: an editor, or a checkout, writes many files at once. */
const SILENCE = 200

/**
 * Tells of changes below a folder, one round at a time: what changes meanwhile is told in the next.
 *
 * @returns what ends it, once watching has begun
 */
export async function watchFolder(
  folder: string,
  changed: () => Promise<void>,
  failed: (error: unknown) => void,
): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> = Promise.resolve()
  const watcher = watch(folder, { ignoreInitial: true, ignored: (path) => /[\\/](\.git|node_modules)$/.test(path) })
  watcher.on('error', failed)
  watcher.on('all', () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      round = round.then(changed).catch(failed)
    }, SILENCE)
  })
  await new Promise<void>((resolve) => watcher.once('ready', resolve))
  return async () => {
    clearTimeout(timer)
    await watcher.close()
    await round
  }
}
