import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/model/api.ts'
import { Router } from '../../src/sandbox/router.ts'
import { modelOf } from './sandbox.ts'

const PATHS = [
  '/',
  '/pets',
  '/pets/mine',
  '/pets/{id}',
  '/pets/{id}/notes',
  '/pets/{id}.json',
  '/pets/{id}/',
  '/{a}/mine/{b}',
  '/reports/{year}-{month}',
  '/{__proto__}/x',
]
const responses = { 200: { description: '' } }
const model = modelOf({ paths: Object.fromEntries(PATHS.map((path) => [path, { get: { responses } }])) })
const router = new Router(model.operations)

const CASES: Record<string, readonly [path: string, parameters: Record<string, string>] | undefined> = {
  '/': ['/', {}],
  '/pets': ['/pets', {}],
  '/pets/mine': ['/pets/mine', {}],
  '/pets/7': ['/pets/{id}', { id: '7' }],
  '/pets/a%2Fb': ['/pets/{id}', { id: 'a/b' }],
  '/pets/..%2Fmine': ['/pets/{id}', { id: '../mine' }],
  '/pets/%6Dine': ['/pets/mine', {}],
  '/pets/7.json': ['/pets/{id}.json', { id: '7' }],
  '/pets/.json': ['/pets/{id}', { id: '.json' }],
  '/pets/7/notes': ['/pets/{id}/notes', { id: '7' }],
  '/pets/7/': ['/pets/{id}/', { id: '7' }],
  '/pets/mine/7': ['/{a}/mine/{b}', { a: 'pets', b: '7' }],
  '/reports/2026-11': ['/reports/{year}-{month}', { year: '2026', month: '11' }],
  '/reports/2026-11-24': ['/reports/{year}-{month}', { year: '2026', month: '11-24' }],
  '/y/x': ['/{__proto__}/x', Object.fromEntries([['__proto__', 'y']])],
  '/pets/': undefined,
  '//pets': undefined,
  '/pets/%E0%A4%A': undefined,
  '/pets/7/other': undefined,
  '': undefined,
}

describe('the router', () => {
  it.each(Object.entries(CASES))('%s', (path, want) => {
    const route = router.find('GET', path)
    expect(route.found ? [route.operation.path, route.parameters] : undefined).toEqual(want)
  })

  it('says which methods a path has', () => {
    expect(router.find('POST', '/pets')).toEqual({ found: false, allow: ['GET'] })
    expect(router.find('POST', '/nowhere/at/all')).toEqual({ found: false, allow: [] })
  })

  it('reads hostile segments in no time', () => {
    const path = `/${'{a}-'.repeat(30)}`
    const hostile = new Router([{ ...(model.operations[0] as Operation), path }])
    const start = performance.now()
    hostile.find('GET', `/${'-'.repeat(8_000)}x`)
    expect(performance.now() - start).toBeLessThan(100)
  })
})
