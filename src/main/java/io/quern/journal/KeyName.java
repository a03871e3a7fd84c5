package io.quern.journal;

import io.quern.task.TaskRecord.IdempotencyKey;

/// An idempotency key without the request it came with: what may be taken.
record KeyName(String tenant, String key) {

  static KeyName of(IdempotencyKey key) {
    return new KeyName(key.tenant(), key.key());
  }
}
