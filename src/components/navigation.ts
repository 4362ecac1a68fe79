const navigation = document.querySelector<HTMLElement>('#operations')
const current = navigation?.querySelector<HTMLElement>('[aria-current]')

/** In a list of hundreds, where one is isn't at its top. */
function showCurrent(): void {
  if (navigation && current && navigation.scrollTop === 0)
    navigation.scrollTop = current.offsetTop - navigation.clientHeight * 0.4
}

showCurrent()
navigation?.addEventListener('toggle', showCurrent)
/** Where there is room for it, the navigation stands beside the page: one that was opened over the page, before a tablet was turned, would lie on it. */
matchMedia('(min-width: 1200px)').addEventListener('change', () => navigation?.hidePopover())
