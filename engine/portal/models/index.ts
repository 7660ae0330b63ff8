/**
 * The door of the models: which forms there are, what their answers mean, and where they go.
 *
 * A model is data (`definitions/`, `pages/`, `tables/`); this room turns it into definitions and
 * answers the questions that follow from the answers: which click day, which office, which title,
 * which bytes are signed. Pure: no clock, no store; published versions never change.
 */
export { canonicalApplication, digestOf, newSalt } from './canonical.ts';
export {
  type ClickDayChoice,
  clickDayFor,
  decree2010Rules,
  type RoutedClickDay,
  type Routing,
  routingOf,
} from './click-day.ts';
export {
  type CompetentOffice,
  competentOffice,
  type OfficeCriterion,
  officeName,
} from './competence.ts';
export { applicationTitle, type ReceiptFacts, receiptFacts } from './facts.ts';
export { getModel, listModels } from './registry.ts';
export {
  type Sample,
  type SampleAccount,
  type SampleGroup,
  type SampleWish,
  sampleAccount,
  sampleApplication,
} from './sample.ts';
export { codeTable, codeTables, tableDocument, tableNames } from './tables.ts';
