import { code, type Inline, joined, said } from '../inline.ts'
import { count, counted, moment, number } from './language.ts'

/** The frame of the administrators' area. */
export const administration = {
  title: 'Console',
  titled: (title: string) => `${title} · Console`,
  documents: 'Documents',
  people: 'People',
  policies: 'Policies',
  apps: 'Apps',
  audit: 'Audit',
}

export const documents = {
  sum: (broken: number, warned: number, fine: number) => {
    const documents = count(broken + warned + fine, 'document')
    if (broken + warned === 0) return `${documents}, no warnings.`
    return `${documents}: ${number(broken)} broken, ${number(warned)} with warnings, ${number(fine)} without.`
  },
  fine: 'Without warnings',
  broken: 'Broken',
  served: 'Shown as it was when its document could last be read.',
  notServed: 'Nobody sees this API until its document can be read.',
  withoutScopes: 'Without scopes',
  propose: 'Propose some',
  proposeFor: (api: string) => ` for ${api}`,
  left: (documents: number) =>
    `The examples of ${count(documents, 'document')} are still being looked at. Load the page again for what comes of it.`,
  warnings: 'Warnings',
  more: (problems: number) => said`And ${number(problems)} more: ${code('sallyport check')} lists them all.`,
}

/** Scopes for a document that has none. */
export const proposals = {
  title: (api: string) => `Scopes for ${api}`,
  nothing: 'There is nothing to propose: what this document has, has its scopes, or was proposed before.',
  seeApi: 'See the API',
  lead: (api: string, of: { readonly scopes: number; readonly operations: number; readonly fields: number }) =>
    said`${counted.scopes(of.scopes)} for ${counted.operations(of.operations)} and ${counted.fields(of.fields)}. Nothing is in force until it stands in the two files below, beside the document; ${code(`sallyport adopt ${api} --write`)} saves them.`,
  scheme: (name: string, reason: string) => said`Besides, a security scheme ${code(name)}: ${reason}`,
  scopes: 'Scopes',
  covers: (title: string, operations: number, fields: number) => {
    const parts = [operations > 0 && counted.operations(operations), fields > 0 && counted.fields(fields)]
    return `${title}: ${parts.filter(Boolean).join(', ')}.`
  },
  operations: 'Operations',
  fields: 'Sensitive fields',
  leftAlone: 'Left alone',
  what: 'What',
  scope: 'Scope',
  why: 'Why',
  anyone: 'anyone',
  files: 'The two files',
  change: (file: string) => `How ${file} would change`,
  wholeFile: 'The whole file, to copy',
}

/** Why someone can't be changed so. */
export const directory = {
  nobody: 'There is no such person.',
  saidElsewhere: 'The place where people sign in says who they are, at each sign-in. Change it there.',
  notAnAttribute: 'An attribute is named by letters, digits, dots, colons, slashes, dashes and underscores.',
  notAValue: (longest: number) => `A value is one line of at most ${number(longest)} characters.`,
  tooMany: (attributes: number, values: number) =>
    `A person has at most ${number(attributes)} attributes, and an attribute ${number(values)} values.`,
  notAGroup: 'A group is named by letters, digits, dots, dashes and spaces.',
  lastAdministrator: 'Someone has to stay an administrator. Add another first.',
}

/** Who is in which group. */
export const membership = {
  disabled: ' disabled',
  invited: ' invited, without a password yet',
  remove: 'remove',
  removeWhom: (person: string, group: string) => ` ${person} from ${group}`,
  group: 'group',
  groupFor: (person: string) => `Group to add ${person} to`,
  add: 'Add',
  noName: 'Name a group.',
  atOnce:
    'Whoever joins or leaves a group, or gets another profile, is judged by that at once: at the next call, the next token and the next refresh.',
  invite: said`${code('sallyport users add ada@example.com --invite')} prints a link with which someone new chooses a password.`,
  said: (provider: string, groups: boolean) =>
    groups
      ? `People sign in at ${provider}, which says what their profile holds and which groups they are in. A group that you change here is as it says again at the next sign-in.`
      : `People sign in at ${provider}, which says what their profile holds. Groups are kept here.`,
}

/** What someone's profile says, which policies may ask for. */
export const attributes = {
  is: (attribute: string, values: readonly string[]) => `${attribute}: ${values.join(', ')}`,
  remove: 'remove',
  removeWhose: (person: string, attribute: string) => ` ${attribute} of ${person}`,
  attribute: 'attribute',
  attributeOf: (person: string) => `Attribute of ${person} to set`,
  value: 'value',
  valueFor: (person: string) => `Its value for ${person}`,
  set: 'Set',
  severalValues: said`Access policies may ask for any attribute: ${code('users: { profile: { department: [news] } }')}. One with several values is set by ${code('sallyport users profile')}.`,
}

interface Revision {
  readonly revision: number
  /** Seconds since the epoch. */
  readonly createdAt: number
  readonly source: 'file' | 'administrator'
  readonly actor?: string
  readonly message?: string
}

export const policies = {
  noApis: 'No APIs yet, so there is nothing to decide.',
  apis: 'APIs',
  inForce: (api: string) => `In force for ${api}`,
  order: (api: string) =>
    said`In order: the first rule of which every condition holds decides, and without one nothing is granted. They are kept in git and put in force by ${code(`sallyport policy apply ${api}`)}.`,
  written: 'As access.yaml writes them',
  revisions: (revisions: number) => count(revisions, 'revision'),
  revision: ({ revision, createdAt, source, actor = 'an administrator', message }: Revision) => {
    const by = source === 'file' ? 'from the file, at first start' : actor
    return said`${number(revision)}: ${moment(createdAt * 1000)}, ${by}${message === undefined ? '' : `: ${message}`}`
  },
  explain: 'Explain',
  noApp: (api: string) => `No app is registered for ${api}.`,
  register: 'Register one',
  app: 'App',
  personNeeded: 'not for a service',
  scopes: 'Scopes',
}

/** All apps of all developers. */
export const everyonesApps = {
  none: 'Nobody has registered an app yet.',
  register: 'Register one',
  kind: (kind: string, apis: readonly string[], softwareId: string | undefined): Inline[] => [
    `${kind} for ${apis.join(', ')}`,
    ...(softwareId === undefined ? [] : said`, software ${code(softwareId)}`),
  ],
  verified: (verified: boolean) => (verified ? 'verified' : 'unverified'),
  leadsTo: (uris: readonly string[]): Inline[] => said`leads to ${joined(uris.map(code), ', ')}`,
  disabled: ', disabled',
  changed: 'Not verified: it was changed after you opened this page. This is how it is now.',
  actions: {
    revoke: 'Revoke tokens',
    verify: 'Verify',
    unverify: 'Take back verification',
    disable: 'Disable',
    enable: 'Enable',
  },
  ofApp: (app: string) => ` of ${app}`,
}

export const audit = {
  entries: 'Audit entries',
  when: 'When',
  what: 'What',
  who: 'Who',
  whom: 'To whom',
  detail: 'Detail',
  from: 'From',
  until: 'Until',
  filter: 'Filter',
  whatHint: 'token.denied, or token.',
  idHint: 'id or email',
  nothing: 'Nothing has happened.',
  noneMatches: 'Nothing like this has happened.',
  showAll: 'Show everything',
  back: 'Back to the console',
  older: 'Older',
}
