/**
 * The door of the models: which forms there are, what their answers mean, and where they go.
 *
 * A model is data in a models directory; this room opens the directories, checks them and answers
 * the questions that follow from the answers of a form: which click day, which office, which
 * title, which bytes are signed. Published versions never change.
 */
export { type AttachedFile, canonicalApplication, digestOf, newSalt } from './canonical.ts';
export type { Models } from './catalogue.ts';
export {
  type ClickDayChoice,
  clickDayFor,
  type RoutedClickDay,
  type Routing,
  routingOf,
} from './click-day.ts';
export { type CompetentOffice, competentOffice, officeName } from './competence.ts';
export { applicationTitle, criterionLabel, type ReceiptLine, receiptLines } from './facts.ts';
export {
  faultLine,
  loadModels,
  ModelsInvalid,
  modelsFaults,
  SHIPPED_DIRECTORY,
} from './load.ts';
export {
  type Sample,
  type SampleAccount,
  type SampleWish,
  sampleAccount,
  sampleApplication,
} from './sample.ts';
export { type Fault, FOLDERS } from './source.ts';
