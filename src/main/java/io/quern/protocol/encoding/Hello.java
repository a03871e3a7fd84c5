package io.quern.protocol.encoding;

import io.quern.task.Scheduling;
import java.util.ArrayList;
import java.util.List;

/// How a node introduces itself on a new link.
///
/// @param engineVersion both sides must have the same
/// @param functions [FunctionRegistry#fingerprint]; both sides must have the same
/// @param isBoss whether it hands out work on this link
/// @param name for logs
/// @param instance random, anew at each start
/// @param cores of its machine
/// @param memory bytes its heap may take
/// @param timeLeftMillis after which it will leave; 0 if it stays
/// @param labels what the slots in its process offer
/// @param isReturning whether it has worked for this boss before and brings what it has
/// @param isCell whether it was started by this boss for a task that may end whoever runs it
public record Hello(
    String engineVersion,
    String functions,
    boolean isBoss,
    String name,
    long instance,
    int cores,
    long memory,
    long timeLeftMillis,
    List<String> labels,
    boolean isReturning,
    boolean isCell) {
  public Hello {
    labels = List.copyOf(labels);
  }

  /// The version of `link.proto` spoken here.
  public static final int PROTOCOL = 1;

  private static final int MAX_NAME = 256;

  /// The hello as a frame.
  public byte[] toFrame() {
    WireWriter out = new WireWriter(256);
    int hello = out.begin(1);
    out.varint(1, PROTOCOL);
    out.string(2, engineVersion);
    out.string(3, functions);
    out.varint(4, isBoss ? 1 : 2);
    out.string(5, name);
    out.fixed64(6, instance);
    out.varint(7, cores);
    out.varint(8, memory);
    out.varint(9, timeLeftMillis);
    labels.forEach(label -> out.string(20, label));
    out.varint(10, isReturning ? 1 : 0);
    out.varint(11, isCell ? 1 : 0);
    out.end(hello);
    return out.toByteArray();
  }

  /// Reads a frame that must be a hello.
  ///
  /// @throws OtherProtocolException if it speaks another version
  /// @throws MalformedFrameException if it is none
  public static Hello fromFrame(byte[] frame) {
    WireReader in = new WireReader(frame);
    if (in.tag() != (1 << 3 | WireWriter.LENGTH)) {
      throw new MalformedFrameException("the first frame is no hello");
    }
    WireReader fields = in.nested();
    int protocol = 0;
    String engineVersion = "";
    String functions = "";
    int role = 0;
    String name = "";
    long instance = 0;
    int cores = 0;
    long memory = 0;
    long timeLeft = 0;
    List<String> labels = new ArrayList<>(0);
    boolean isReturning = false;
    boolean isCell = false;
    while (fields.hasMore()) {
      int tag = fields.tag();
      switch (tag) {
        case 1 << 3 -> protocol = fields.rawInt();
        case 2 << 3 | WireWriter.LENGTH -> engineVersion = fields.rawString();
        case 3 << 3 | WireWriter.LENGTH -> functions = fields.rawString();
        case 4 << 3 -> role = fields.rawInt();
        case 5 << 3 | WireWriter.LENGTH -> name = fields.rawString();
        case 6 << 3 | WireWriter.FIXED64 -> instance = fields.rawFixed64();
        case 7 << 3 -> cores = fields.rawInt();
        case 8 << 3 -> memory = fields.rawVarint();
        case 9 << 3 -> timeLeft = fields.rawVarint();
        case 20 << 3 | WireWriter.LENGTH -> labels.add(fields.rawString());
        case 10 << 3 -> isReturning = fields.rawVarint() != 0;
        case 11 << 3 -> isCell = fields.rawVarint() != 0;
        default -> fields.skip(tag);
      }
    }
    if (protocol != PROTOCOL) {
      throw new OtherProtocolException(protocol);
    }
    // Both go into logs and to whoever asks for the tree.
    if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw new MalformedFrameException(
          "expected a name of at most " + MAX_NAME + " characters without control characters");
    }
    if (labels.size() > Scheduling.MAX_LABELS || !labels.stream().allMatch(Scheduling::isLabel)) {
      throw new MalformedFrameException(
          "expected at most " + Scheduling.MAX_LABELS + " labels of " + Scheduling.LABEL_FORM);
    }
    if (role != 1 && role != 2) {
      throw new MalformedFrameException("expected role 1 or 2, found " + role);
    }
    return new Hello(
        engineVersion,
        functions,
        role == 1,
        name,
        instance,
        cores,
        memory,
        timeLeft,
        labels,
        isReturning,
        isCell);
  }
}
