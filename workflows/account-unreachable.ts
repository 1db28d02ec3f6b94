import { proxyActivities } from '@temporalio/workflow'
import type { AccountActivities } from '../activities/accounts.ts'
import { tellFirms } from './tell-firms.ts'

const accounts = proxyActivities<AccountActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** The provider refuses us an account: the firms that need it are told, once until it is back. */
export async function accountUnreachable(account: string): Promise<void> {
  const summary = 'Note that the provider refuses us the account'
  await tellFirms(await accounts.noteUnreachable.executeWithOptions({ summary }, [account, Date.now()]))
}
