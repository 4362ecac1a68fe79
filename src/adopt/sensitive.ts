import { wordsOf } from './words.ts'

/**
 * Fields that most readers of a resource have no business to see. A name is listed only where it means the same in nearly
 * every API; where it depends on its surroundings, `beside` says what these must speak of.
 */
export interface Sensitivity {
  readonly scope: string
  /** Of the scope, for people who consent. */
  readonly title: string
  readonly names: readonly string[]
  /** Words, one of which the field's schema or a neighbouring field must have. */
  readonly beside?: readonly string[]
  readonly reason: string
}

// `view`, which no operation's scope is called: a field must not open with its resource.
const PAY = { scope: 'pay:view', title: 'See pay' }
const BANK = { scope: 'bank-details:view', title: 'See bank details' }
const HEALTH = { scope: 'health:view', title: 'See health data' }
const IDENTITY = { scope: 'identity-numbers:view', title: 'See identity numbers' }
const BIRTH = { scope: 'birth-dates:view', title: 'See dates of birth' }
const BELIEFS = { scope: 'beliefs-and-origin:view', title: 'See beliefs and origin' }
export const SECRET = { scope: 'secrets:view', title: 'See secrets' }

export const SENSITIVITIES: readonly Sensitivity[] = [
  {
    ...PAY,
    names: ['salary', 'wage', 'payroll', 'pay rate', 'hourly rate', 'gross pay', 'net pay', 'bonus', 'severance'],
    reason: 'It says what someone earns.',
  },
  {
    ...PAY,
    names: ['compensation', 'commission', 'rate of pay', 'remuneration'],
    beside: ['employee', 'employment', 'worker', 'salary', 'job', 'contractor', 'staff'],
    reason: 'It says what someone earns.',
  },
  {
    ...BANK,
    names: ['iban', 'bank account', 'bank account number', 'routing number', 'sort code', 'bank details', 'swift code'],
    reason: 'With it, money can be taken from or sent to an account.',
  },
  {
    ...BANK,
    names: ['account number', 'account no', 'bic', 'bsb'],
    beside: ['bank', 'iban', 'routing', 'sort', 'swift', 'payee', 'beneficiary'],
    reason: 'Beside the name of a bank, it identifies an account.',
  },
  {
    ...BANK,
    names: ['card number', 'credit card number', 'cvv', 'cvc', 'card verification code', 'pan number'],
    reason: 'Card data: PCI DSS asks who has a need to know.',
  },
  {
    ...HEALTH,
    names: [
      'diagnosis',
      'medical condition',
      'medical history',
      'medical record',
      'health condition',
      'medication',
      'allergy',
      'allergies',
      'disability',
      'blood type',
      'pregnancy',
      'health insurance number',
      'sick leave',
    ],
    reason: 'Data concerning health: a special category (GDPR article 9).',
  },
  {
    ...IDENTITY,
    names: [
      'ssn',
      'social security number',
      'social insurance number',
      'national insurance number',
      'national id',
      'national identification number',
      'national identifier',
      'personal identification number',
      'identity number',
      'identity card number',
      'passport number',
      'passport',
      'driver license number',
      'drivers license number',
      'driver licence number',
      'driving licence number',
      'tax identification number',
      'tax file number',
      'taxpayer id',
      'aadhaar',
      'aadhaar number',
      'cpf',
      'nino',
    ],
    reason: 'A number that names one person for life, and that fraud starts with.',
  },
  {
    ...IDENTITY,
    names: ['tax id', 'tax number', 'tin', 'ein'],
    beside: ['person', 'individual', 'employee', 'customer', 'owner', 'payee', 'birth', 'first', 'contact', 'vendor'],
    reason: 'A tax number of someone, and tax fraud starts with it.',
  },
  {
    ...BIRTH,
    names: ['date of birth', 'birth date', 'birthdate', 'birthday', 'dob', 'birth day', 'birth year', 'place of birth'],
    reason: 'A date of birth proves identity at many a help desk.',
  },
  {
    ...BELIEFS,
    names: [
      'religion',
      'ethnicity',
      'ethnic origin',
      'racial origin',
      'sexual orientation',
      'political opinion',
      'political affiliation',
      'trade union membership',
      'union membership',
      'criminal record',
    ],
    reason: 'A special category of personal data (GDPR articles 9 and 10).',
  },
  {
    ...SECRET,
    names: [
      'password',
      'passphrase',
      'password hash',
      'client secret',
      'secret',
      'secret key',
      'shared secret',
      'signing secret',
      'webhook secret',
      'signing key',
      'private key',
      'api key',
      'api secret',
      'api token',
      'access token',
      'refresh token',
      'auth token',
      'bearer token',
      'session token',
      'secret access key',
      'recovery code',
      'backup code',
      'totp seed',
      'encryption key',
    ],
    reason: 'Whoever reads it can act as its owner.',
  },
  {
    ...SECRET,
    names: ['key'],
    beside: ['secret'],
    reason: 'Whoever reads it can act as its owner.',
  },
]

/** What a field is called first when it speaks about the thing rather than holding it. */
const ABOUT = new Set(
  'has is are was show hide can may requires require required allow allows enable enabled min max minimum maximum use uses supports force number count num total of'.split(
    ' ',
  ),
)

/** What may follow the thing itself: `salary amount`, `ssn encrypted`. */
const FOLLOWING = new Set('number no num value amount encrypted hash plain text raw full'.split(' '))

/** Where a field stands. */
export interface Surroundings {
  /** Name of the schema that holds it. */
  readonly owner: string
  readonly siblings: readonly string[]
}

/** What the name of a field gives away; undefined for one that isn't sensitive. */
export function sensitivityOf(name: string, { owner, siblings }: Surroundings): Sensitivity | undefined {
  const words = wordsOf(name)
  if (words.length === 0 || ABOUT.has(words[0] ?? '')) return undefined
  const endings = [words]
  for (let end = words; end.length > 1 && FOLLOWING.has(end.at(-1) ?? ''); endings.push(end)) end = end.slice(0, -1)
  const called = (phrase: string): boolean => endings.some((end) => endsWith(end, phrase.split(' ')))
  const around = new Set([owner, ...siblings.filter((sibling) => sibling !== name)].flatMap(wordsOf))
  return SENSITIVITIES.find(
    ({ names, beside }) =>
      names.some(called) && (beside === undefined || beside.some((word) => around.has(word) || around.has(`${word}s`))),
  )
}

/** The last words, of which the last one may be a plural. */
function endsWith(words: readonly string[], phrase: readonly string[]): boolean {
  const end = words.slice(-phrase.length)
  if (end.length < phrase.length) return false
  return phrase.every((word, index) => {
    const own = end[index] ?? ''
    return own === word || (index === phrase.length - 1 && own === `${word}s`)
  })
}
