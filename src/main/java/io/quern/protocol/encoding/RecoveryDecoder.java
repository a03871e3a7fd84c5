package io.quern.protocol.encoding;

import io.quern.protocol.IdBlock;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Blob;
import io.quern.task.KeptWork;
import io.quern.task.KeptWork.StoredCheckpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the messages by which work is kept and taken up again.
final class RecoveryDecoder {

  private RecoveryDecoder() {}

  static Message checkpoint(WireReader in) {
    RuntimeTaskId root = null;
    int position = 0;
    String engineVersion = "";
    byte[] state = {};
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> root = CommonFields.run(in.nested());
        case 2 << 3 -> position = in.rawCount();
        case 3 << 3 | WireWriter.LENGTH -> engineVersion = in.rawString();
        case 4 << 3 | WireWriter.LENGTH -> state = in.rawBytes();
        default -> in.skip(tag);
      }
    }
    return new Message.Checkpoint(
        CommonFields.required(root), position, engineVersion, Blob.of(state));
  }

  static Message blockDone(WireReader in) {
    RuntimeTaskId root = null;
    String key = "";
    byte[] value = {};
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> root = CommonFields.run(in.nested());
        case 2 << 3 | WireWriter.LENGTH -> key = in.rawString();
        case 3 << 3 | WireWriter.LENGTH -> value = in.rawBytes();
        default -> in.skip(tag);
      }
    }
    return new Message.BlockDone(CommonFields.required(root), key, Blob.of(value));
  }

  static Message inventory(WireReader in, TaskDecoder tasks) {
    List<RuntimeTask> held = new ArrayList<>();
    Set<RuntimeTaskId> awaiting = new HashSet<>();
    List<RuntimeTaskId> results = new ArrayList<>();
    List<IdBlock> ids = new ArrayList<>();
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> tasks.group(in.nested(), held);
        case 2 << 3 | WireWriter.LENGTH -> awaiting.add(CommonFields.run(in.nested()));
        case 3 << 3 | WireWriter.LENGTH -> results.add(CommonFields.run(in.nested()));
        case 4 << 3 | WireWriter.LENGTH -> ids.add(CommonFields.ids(in.nested()));
        default -> in.skip(tag);
      }
    }
    return new Message.Inventory(ids, held, awaiting, results);
  }

  static KeptWork kept(WireReader in) {
    int position = 0;
    String engineVersion = "";
    byte[] state = null;
    Map<String, Blob> blocks = new HashMap<>();
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> position = in.rawCount();
        case 2 << 3 | WireWriter.LENGTH -> engineVersion = in.rawString();
        case 3 << 3 | WireWriter.LENGTH -> state = in.rawBytes();
        case 4 << 3 | WireWriter.LENGTH -> block(in.nested(), blocks);
        default -> in.skip(tag);
      }
    }
    return new KeptWork(
        state == null ? null : new StoredCheckpoint(position, engineVersion, Blob.of(state)),
        blocks);
  }

  private static void block(WireReader in, Map<String, Blob> blocks) {
    String key = "";
    byte[] value = {};
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> key = in.rawString();
        case 2 << 3 | WireWriter.LENGTH -> value = in.rawBytes();
        default -> in.skip(tag);
      }
    }
    blocks.put(key, Blob.of(value));
  }
}
