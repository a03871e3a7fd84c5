package io.quern.protocol.encoding;

import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import java.util.ArrayList;
import java.util.List;

/// The form of [Message.Roster] on the wire.
final class RosterCodec {
  private static final int FIELD = 30;

  private RosterCodec() {}

  static void write(NodeReport node, WireWriter out) {
    int body = out.begin(FIELD);
    writeNode(1, node, out);
    out.end(body);
  }

  private static void writeNode(int field, NodeReport node, WireWriter out) {
    int body = out.begin(field);
    out.string(1, node.name());
    out.string(2, node.address());
    out.string(3, node.engineVersion());
    node.labels().forEach(label -> out.string(4, label));
    out.zigzag(5, node.sinceMillis());
    out.varint(6, node.slots());
    out.varint(7, node.idle());
    out.varint(8, node.tasks());
    out.varint(9, node.waiting());
    node.below().forEach(each -> writeNode(10, each, out));
    out.varint(11, node.isWorker() ? 1 : 0);
    out.end(body);
  }

  static Message.Roster read(WireReader in) {
    NodeReport node = null;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == (1 << 3 | WireWriter.LENGTH)) {
        node = readNode(in.nested(), NodeReport.MAX_DEPTH);
      } else {
        in.skip(tag);
      }
    }
    if (node == null) {
      throw new MalformedFrameException("a roster without a node");
    }
    return new Message.Roster(node);
  }

  private static NodeReport readNode(WireReader in, int depth) {
    if (depth == 0) {
      throw new MalformedFrameException("managers of managers deeper than " + NodeReport.MAX_DEPTH);
    }
    String name = "";
    String address = "";
    String version = "";
    boolean isWorker = false;
    List<String> labels = new ArrayList<>(0);
    long since = 0;
    int slots = 0;
    int idle = 0;
    int tasks = 0;
    int waiting = 0;
    List<NodeReport> below = new ArrayList<>(0);
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> name = in.rawString();
        case 2 << 3 | WireWriter.LENGTH -> address = in.rawString();
        case 3 << 3 | WireWriter.LENGTH -> version = in.rawString();
        case 4 << 3 | WireWriter.LENGTH -> labels.add(in.rawString());
        case 5 << 3 -> since = in.rawZigzag();
        case 6 << 3 -> slots = in.rawCount();
        case 7 << 3 -> idle = in.rawCount();
        case 8 << 3 -> tasks = in.rawCount();
        case 9 << 3 -> waiting = in.rawCount();
        case 10 << 3 | WireWriter.LENGTH -> below.add(readNode(in.nested(), depth - 1));
        case 11 << 3 -> isWorker = in.rawVarint() != 0;
        default -> in.skip(tag);
      }
    }
    return new NodeReport(
        name, address, version, isWorker, labels, since, slots, idle, tasks, waiting, below);
  }
}
