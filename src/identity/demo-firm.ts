/** The firm that `npm start` seeds, and that a development token is for unless another is named. */
export const DEMO_FIRM_ID = '0d3f0000-0000-4000-8000-000000000001'
