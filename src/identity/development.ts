/** Issuer and audience of development tokens: no addresses, so that they hold whatever the ports. */
export const DEVELOPMENT_ISSUER = 'urn:retainer-automation:development'
export const DEVELOPMENT_AUDIENCE = 'retainer-automation'
