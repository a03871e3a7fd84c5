package io.quern.protocol.encoding;

import io.quern.engine.pass.LogLevel;
import io.quern.protocol.IdBlock;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what several kinds of messages are made of: names of runtime tasks, blocks of ids, levels,
/// and messages of one field.
final class CommonFields {

  private CommonFields() {}

  /// The tag of a field that has a length.
  static int field(int number) {
    return number << 3 | WireWriter.LENGTH;
  }

  /// The first field of a message that has no other.
  static long number(WireReader in) {
    long value = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == 1 << 3) {
        value = in.rawVarint();
      } else {
        in.skip(tag);
      }
    }
    return value;
  }

  /// The first field of a message that has no other, which must be a count.
  static int count(WireReader in) {
    int value = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == 1 << 3) {
        value = in.rawCount();
      } else {
        in.skip(tag);
      }
    }
    return value;
  }

  /// The first field of a message that has no other, which must be an int as zigzag has it.
  static int signedInt(WireReader in) {
    int value = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == 1 << 3) {
        value = in.rawSignedInt();
      } else {
        in.skip(tag);
      }
    }
    return value;
  }

  /// The first field of a message that has no other, as text.
  static String text(WireReader in) {
    String value = "";
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == field(1)) {
        value = in.rawString();
      } else {
        in.skip(tag);
      }
    }
    return value;
  }

  /// The name of a runtime task.
  static RuntimeTaskId run(WireReader in) {
    long worker = 0;
    long mailbox = 0;
    int slot = 0;
    int attempt = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> worker = in.rawZigzag();
        case 2 << 3 -> mailbox = in.rawZigzag();
        case 3 << 3 -> slot = in.rawSignedInt();
        case 4 << 3 -> attempt = in.rawCount();
        default -> in.skip(tag);
      }
    }
    return new RuntimeTaskId(new RuntimeAddress(worker, mailbox, slot), attempt);
  }

  static List<RuntimeTaskId> runs(WireReader in) {
    List<RuntimeTaskId> runs = new ArrayList<>();
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == field(1)) {
        runs.add(run(in.nested()));
      } else {
        in.skip(tag);
      }
    }
    return runs;
  }

  /// A name that must be there.
  static RuntimeTaskId required(@Nullable RuntimeTaskId id) {
    if (id == null) {
      throw new MalformedFrameException("a message names no task");
    }
    return id;
  }

  static IdBlock ids(WireReader in) {
    long lower = 0;
    long upper = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> lower = in.rawZigzag();
        case 2 << 3 -> upper = in.rawZigzag();
        default -> in.skip(tag);
      }
    }
    return new IdBlock(lower, upper);
  }

  static LogLevel level(int ordinal) {
    LogLevel[] levels = LogLevel.values();
    if (ordinal < 0 || ordinal >= levels.length) {
      throw new MalformedFrameException("no level " + ordinal);
    }
    return levels[ordinal];
  }
}
