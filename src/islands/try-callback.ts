/** Where an authorization response for Try it comes back to: a redirect URI that the app has to have. */
export const CALLBACK = '/try/callback'
/** What the callback's page and the page that waits for it talk on; `state` tells which of them is meant. */
export const CHANNEL = 'sallyport-try'
