import { expect, test } from 'vitest'
import { csvLine } from '../../src/docs/csv.ts'

test('what separates or ends cells stands in quotes', () => {
  expect(csvLine(['plain', 'a,b', 'say "yes"', 'two\nlines', ''])).toBe('plain,"a,b","say ""yes""","two\nlines",\r\n')
})

test('no spreadsheet takes a cell for a formula', () => {
  expect(csvLine(['=1+1', '+1', '-1', '@sum', '\t=1', '=a,"b"'])).toBe(`'=1+1,'+1,'-1,'@sum,'\t=1,"'=a,""b"""\r\n`)
})
