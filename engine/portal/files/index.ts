/** The door of the files that people add: taken in, judged, kept, handed out. */
export { cleanName } from './file-name.ts';
export { typeOf } from './file-type.ts';
export { type Incoming, type StoredFiles, storedFiles } from './files.ts';
export { fileResponse, sendFile, uploadOf, withUploads } from './http.ts';
export { type AcceptedTypes, createReceiver, type IncomingFile } from './receiver.ts';
