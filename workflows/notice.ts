import type { Notice } from '../activities/books-wire.ts'
import { tellFirms } from './tell-firms.ts'

/** Mails a firm what needs its attention and belongs to no matter; a mail that was sent meanwhile is not sent again. */
export async function notice(planned: Notice): Promise<void> {
  await tellFirms([planned])
}
