/** The door of the witness: a second party that cosigns what a log has signed, or refuses to. */
export { loadOrCreateCosigner, WitnessNamed } from './key.ts';
export { type WitnessPlaces, witnessPlaces } from './places.ts';
export { RecordForged, type WitnessRecords, witnessRecords } from './records.ts';
export { createWitnessServer, type WitnessServer } from './server.ts';
export { createWitness, type Verdict, type Witness, type WitnessedLog } from './witness.ts';
