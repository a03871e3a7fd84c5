package io.quern.bqskit.codec;

/// What a message on BQSKit's wire is, in the order of the original's numbers.
enum RuntimeMessage {
  CONNECT,
  DISCONNECT,
  STARTED,
  SHUTDOWN,
  ERROR,
  REQUEST,
  RESULT,
  SUBMIT,
  SUBMIT_BATCH,
  STATUS,
  LOG,
  CANCEL,
  WAITING,
  UPDATE,
  IMPORTPATH,
  READY,
  COMMUNICATE
}
