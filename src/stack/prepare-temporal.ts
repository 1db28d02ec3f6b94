import { Connection, isGrpcServiceError } from '@temporalio/client'
import type { ClientConnectConfig } from '@temporalio/envconfig'
import proto from '@temporalio/proto'
import { registerSearchAttributes } from '../worker/search-attributes.ts'
import { untilReady } from './until-ready.ts'

/** gRPC: NOT_FOUND, ALREADY_EXISTS. */
const NOT_FOUND = 5
const ALREADY_EXISTS = 6
/** How long the history of a closed matter, or of an earlier run of an open one, can still be looked at. */
const RETENTION_S = 30 * 24 * 60 * 60
/** A server takes some seconds to know a new namespace everywhere. */
const KNOWN_WITHIN_MS = 30_000

/**
 * Has the Temporal server that `config` names know our namespace and its search attributes; what is there is left alone. Safe to
 * repeat.
 */
export async function prepareTemporal({
  connectionOptions,
  namespace = 'default',
}: ClientConnectConfig): Promise<void> {
  const connection = await Connection.connect(connectionOptions)
  try {
    const isNew = await registerNamespace(connection, namespace)
    await untilReady(() => registerSearchAttributes(connection, namespace), isNew ? KNOWN_WITHIN_MS : 0)
  } finally {
    await connection.close()
  }
}

/** Whether the namespace was missing. Where we may not ask, it is somebody else's to make. */
async function registerNamespace(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace })
    return false
  } catch (error) {
    if (!isGrpcServiceError(error) || error.code !== NOT_FOUND) return false
  }
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: proto.google.protobuf.Duration.fromObject({ seconds: RETENTION_S }),
    })
  } catch (error) {
    // Two that prepare at the same moment.
    if (!isGrpcServiceError(error) || error.code !== ALREADY_EXISTS) throw error
  }
  return true
}
