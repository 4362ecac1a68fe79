/**
 * What the small scripts of pages say, apart from what the pages themselves say: so a page loads next to nothing of the
 * catalogue.
 */
export const searchDialog = {
  unreachable: 'The server can’t be reached. Press Enter to try the results page.',
}

export const lensScript = {
  aToken: 'a token…',
  noToken: 'That is no JWT with scopes. Choose its scopes instead.',
  expired: (at: Date) => `That token is refused everywhere: it expired on ${at.toLocaleString()}.`,
  elsewhere: (audience: string) => `That token is refused here: it is for ${audience}.`,
  viewAnyway: 'View with its scopes',
  copyLink: 'Copy link',
  copied: 'Copied',
}

export const expandAll = { expand: 'Expand all', collapse: 'Collapse all' }

/** As the name of a field is followed, which copies its address. */
export const fieldLinks = { copied: 'Link copied' }
