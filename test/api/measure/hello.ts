import { createServer } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'

/** A bare Yoga, as its documentation starts one, in a process of its own; tells its parent the port. */
const schema = createSchema({
  typeDefs: 'type Query { hello: String! }',
  resolvers: { Query: { hello: () => 'world' } },
})
const yoga = createYoga({ schema, logging: false })
const server = createServer((request, response) => void yoga(request, response))
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
