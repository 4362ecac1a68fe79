/** Where there is room for it, the navigation stands beside the page: one that was opened over the page, before a tablet was turned, would lie on it. */
const navigation = document.querySelector<HTMLElement>('#operations')
matchMedia('(min-width: 1200px)').addEventListener('change', () => navigation?.hidePopover())
