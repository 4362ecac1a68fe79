import type { Kind } from '../../model/api.ts'

/** Kinds of app that the form offers, in words. */
export const KIND_CHOICES = [
  {
    value: 'service',
    label: 'Service',
    description: 'Runs on a server and acts for itself, with nobody signed in. It has a secret.',
  },
  {
    value: 'web',
    label: 'Web app',
    description:
      'Runs on a server and acts for the people who sign in to it. It has a secret, which browsers never see.',
  },
  {
    value: 'single-page',
    label: 'Single-page app',
    description: 'Runs in the browser of whoever signs in to it. It can’t keep a secret, and has none.',
  },
  {
    value: 'native',
    label: 'Native app',
    description: 'Runs on a desktop or phone, or in a terminal, for whoever signs in to it. It has no secret.',
  },
  {
    value: 'device',
    label: 'Device',
    description:
      'Has no browser, or no keyboard: people sign in on another device, with a code that it shows. It has no secret.',
  },
] as const satisfies readonly { value: Kind; label: string; description: string }[]

export function kindInWords(kind: Kind): string {
  return KIND_CHOICES.find(({ value }) => value === kind)?.label ?? kind
}
