/// <reference types="astro/client" />

import type { AuthorizationPage } from './authorization-server/page.ts'
import type { Person, PortalLocals } from './server/portal.ts'
import type { InteractionLocals } from './server/portal-people.ts'

declare global {
  namespace App {
    /** What the server hands to every page, per request. */
    interface Locals {
      readonly portal: PortalLocals
      readonly person: Person | undefined
      readonly interactions: InteractionLocals
      /** What the authorization server has to show, where that is why the page is rendered. */
      readonly authorizationPage?: AuthorizationPage
      /** Resolves once what was sent of the answer so far is on its way. */
      readonly drained: () => Promise<void>
    }
  }
}
