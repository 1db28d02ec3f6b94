const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether the books could hold a row of this id: for text from outside, of which PostgreSQL would refuse any other. */
export const isUuid = (text: string): boolean => UUID.test(text)
