/// <reference types="astro/client" />

import type { Person, PortalLocals } from './server/portal.ts'
import type { InteractionLocals } from './server/portal-people.ts'

declare global {
  namespace App {
    /** What the server hands to every page, per request. */
    interface Locals {
      readonly portal: PortalLocals
      readonly person: Person | undefined
      readonly interactions: InteractionLocals
      readonly nonce?: string
    }
  }
}
