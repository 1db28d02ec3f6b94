import type { ReactElement, ReactNode } from 'react'
import { Body, Container, Head, Heading, Html, Preview, Section, Text } from 'react-email'
import { style } from './style.ts'

interface LetterProps {
  firmName: string
  heading: string
  /** What an inbox shows beside the subject. It is cut at a fixed length, so it holds amounts and numbers, no names. */
  preview: string
  footer: ReactNode
  children: ReactNode
}

/** The sheet every mail is written on. It fetches nothing from anywhere: no images, no fonts, no tracking. */
export function Letter({ firmName, heading, preview, footer, children }: LetterProps): ReactElement {
  return (
    <Html lang="en-US">
      <Head>
        <title>{heading}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <meta name="supported-color-schemes" content="light" />
        <meta name="format-detection" content="telephone=no, date=no, address=no" />
      </Head>
      <Body lang="en-US" style={style.page}>
        <Preview useTitleTag={false}>{preview}</Preview>
        <Container style={style.sheet}>
          <Text style={style.firm}>
            <bdi>{firmName}</bdi>
          </Text>
          <Heading style={style.heading}>{heading}</Heading>
          {children}
          <Section style={style.footer}>{footer}</Section>
        </Container>
      </Body>
    </Html>
  )
}

/** What closes every mail to a client. */
export function ClientFooter(): ReactElement {
  return (
    <Text style={style.quiet}>Questions? Reply to this email. Please do not send card or bank details by email.</Text>
  )
}

/** What closes every mail to the firm. */
export function FirmFooter({ firmName }: { firmName: string }): ReactElement {
  return (
    <Text style={style.quiet}>
      This notice is for the staff of <bdi>{firmName}</bdi>. The client does not receive it.
    </Text>
  )
}
