package io.quern.bqskit;

import io.quern.bqskit.codec.FrameMemory;
import io.quern.bqskit.pickle.PickleException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes events of frames: of a short one at once; of one whose memory is counted on a thread of
/// its own, while nothing more is read from its sender. Used by the loop's thread alone.
final class FrameInterpreter {
  private static final Logger log = LoggerFactory.getLogger(FrameInterpreter.class);

  private final WireConnections connections;
  private final Consumer<BqskitEvent> events;

  /// @param events told on the loop's thread
  FrameInterpreter(WireConnections connections, Consumer<BqskitEvent> events) {
    this.connections = connections;
    this.events = events;
  }

  /// @param memory where a long frame is counted until it is understood
  /// @param codec what the frame says
  void understand(
      WireConnection connection,
      byte[] frame,
      FrameMemory memory,
      Function<byte[], BqskitEvent> codec) {
    if (!memory.isCounted(frame)) {
      events.accept(codec.apply(frame));
      return;
    }
    connection.pause(WireConnection.Pause.READING_FRAME);
    StoreReads.aside(
        () -> {
          Runnable next;
          try {
            BqskitEvent event = codec.apply(frame);
            next =
                () -> {
                  events.accept(event);
                  connections.resume(connection, WireConnection.Pause.READING_FRAME);
                };
          } catch (PickleException e) {
            String reason = String.valueOf(e.getMessage());
            next = () -> connection.fail(reason);
          } catch (RuntimeException e) {
            log.error("a message of {} cannot be understood", connection.name(), e);
            next = () -> connection.fail("its message cannot be understood");
          } catch (OutOfMemoryError _) {
            next = () -> connection.fail("its message is larger than the memory left");
          } finally {
            memory.release(frame);
          }
          connections.hand(next);
        });
  }
}
