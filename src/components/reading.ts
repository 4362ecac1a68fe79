/**
 * What pages do beyond their HTML. One file: each has half a kilobyte of headers, and what two of them share is asked for
 * only once they have come.
 */
import './search-dialog.ts'
import './lens-script.ts'
import './sample-choice.ts'
import './copy-link.ts'
import './copy-code.ts'
import './expand-all.ts'
import './navigation.ts'
