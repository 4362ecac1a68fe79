import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import subsetFont from 'subset-font'

const FILES = [
  import.meta.resolve('@fontsource-variable/familjen-grotesk/files/familjen-grotesk-latin-wght-normal.woff2'),
  import.meta.resolve('@fontsource-variable/sometype-mono/files/sometype-mono-latin-wght-normal.woff2'),
]
/** ASCII, and punctuation: what `unicode-range` in tokens.css says of the faces made here. */
const BASIC = `${String.fromCharCode(
  ...Array(95)
    .keys()
    .map((index) => 32 + index),
)}\u00a0·×–—‘’“”…`

/** Weights from the one that text has to the one that stands out, kerning, and nothing for screens that need hints. */
const OPTIONS = {
  targetFormat: 'woff2',
  variationAxes: { wght: { min: 450, max: 600, default: 450 } },
  keepFeatures: ['kern'],
  noHinting: true,
} as const

/** The two typefaces with the characters that nearly every page makes do with, at half the size: `basic-fonts/…`. */
export function basicFonts(): AstroIntegration {
  return {
    name: 'basic-fonts',
    hooks: {
      'astro:config:setup': async ({ createCodegenDir, updateConfig }) => {
        const folder = createCodegenDir()
        for (const file of FILES) {
          const whole = await readFile(fileURLToPath(file))
          const name = file.slice(file.lastIndexOf('/') + 1).replace('-latin-', '-basic-')
          await writeFile(new URL(name, folder), await subsetFont(whole, BASIC, OPTIONS))
        }
        updateConfig({ vite: { resolve: { alias: { 'basic-fonts': fileURLToPath(folder).replace(/\/$/, '') } } } })
      },
    },
  }
}
