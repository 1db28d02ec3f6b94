import type { ReactElement, ReactNode } from 'react'
import { Button, Link, Section, Text } from 'react-email'
import { style } from './style.ts'

/** A paragraph of the letter. */
export function Paragraph({ children }: { children: ReactNode }): ReactElement {
  return <Text style={style.text}>{children}</Text>
}

export function Greeting({ clientName }: { clientName: string }): ReactElement {
  return (
    <Paragraph>
      Dear <bdi>{clientName}</bdi>,
    </Paragraph>
  )
}

/** Name and value; a fact without a value is left out. `key` marks the one the reader looks for. */
export type Fact = readonly [name: string, value: string | undefined, key?: 'key']

/** The facts as a table with row headings; the plain text aligns them in two columns. */
export function Facts({ facts }: { facts: readonly Fact[] }): ReactElement {
  return (
    <table data-text-format="dataTable" style={style.facts}>
      <tbody>
        {facts.map(([name, value, key]) =>
          value === undefined ? null : (
            <tr key={name}>
              <th scope="row" style={style.factName}>
                {name}
              </th>
              <td style={key ? { ...style.factValue, ...style.factKey } : style.factValue}>
                <bdi>{value}</bdi>
              </td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  )
}

/** The matter's title and number, apart: in one value, a right-to-left title would turn the number around. */
export function matterFacts(mail: { matterNumber?: string | undefined; matterTitle?: string | undefined }): Fact[] {
  return [
    ['Matter', mail.matterTitle],
    ['Matter number', mail.matterNumber],
  ]
}

/** What a bank payment that has not arrived means for the amount asked for (R13). */
export function OnItsWay({ amount }: { amount: string | undefined }): ReactElement | null {
  if (amount === undefined) return null
  return (
    <Paragraph>
      A bank payment of {amount} is on its way to us. It takes several business days to arrive and is already taken off
      the amount due, so please do not pay it again.
    </Paragraph>
  )
}

/** The way to the payment page, and what is worth knowing before taking it. */
export function PayLink({ firmName, payUrl }: { firmName: string; payUrl: string }): ReactElement {
  return (
    <>
      <Section style={style.buttonRow}>
        <Button href={payUrl} style={style.button}>
          Review and pay
        </Button>
      </Section>
      <Text style={style.quiet}>
        The payment page shows the amount due when you open it. You can pay all of it or another amount. Your payment
        goes to the operating account of <bdi>{firmName}</bdi> as an advance for fees.
      </Text>
      <Text style={style.quiet} data-skip-in-text={true}>
        If the button does not work, copy this address into your browser:
        <br />
        <Link href={payUrl} style={style.link}>
          {payUrl}
        </Link>
      </Text>
    </>
  )
}

/** The way to the matter for the firm's staff, where there is one. */
export function MatterLink({ matterUrl }: { matterUrl: string | undefined }): ReactElement | null {
  if (matterUrl === undefined) return null
  return (
    <Text style={style.text}>
      <Link href={matterUrl} style={style.link}>
        Open the matter
      </Link>
    </Text>
  )
}
