package io.quern.bqskit.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
  private static final int LIMIT = 1 << 20;

  private static byte[] stream(byte[]... frames) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WritableByteChannel channel = Channels.newChannel(out);
    for (byte[] frame : frames) {
      for (ByteBuffer piece : Framing.frame(Pickle.of(frame))) {
        channel.write(piece);
      }
    }
    return out.toByteArray();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void framesAreTheSameHoweverTheirBytesArrive(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] stream = stream(bytes(1), bytes(200_000), bytes(70), bytes(65_537));
    FrameReader reader = new FrameReader(LIMIT, new FrameMemory(LIMIT));
    List<byte[]> frames = new ArrayList<>();
    for (int at = 0; at < stream.length; ) {
      int length =
          Math.min(stream.length - at, 1 + random.nextInt(random.nextBoolean() ? 9 : 90_000));
      ByteBuffer in = ByteBuffer.wrap(stream, at, length);
      for (byte[] frame = reader.next(in); frame != null; frame = reader.next(in)) {
        frames.add(frame);
      }
      at += length;
    }
    assertThat(frames).containsExactly(bytes(1), bytes(200_000), bytes(70), bytes(65_537));
    assertThat(reader.isWithinFrame()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00100001",
        "00000000",
        "80000000",
        "ffffffff0000000100000000",
        "ffffffffffffffffffffffff"
      })
  void lengthsOutOfBoundsAreRefused(String header) {
    byte[] bytes = HexFormat.of().parseHex(header);
    assertThatThrownBy(
            () -> new FrameReader(LIMIT, new FrameMemory(LIMIT)).next(ByteBuffer.wrap(bytes)))
        .isInstanceOf(PickleException.class)
        .hasMessageContaining("expected a frame of 1 to 1048576 bytes");
  }

  @Test
  void longLengthOfAShortFrameIsRead() {
    ByteBuffer stream = ByteBuffer.allocate(13).putInt(-1).putLong(1).put((byte) 7);
    assertThat(new FrameReader(LIMIT, new FrameMemory(LIMIT)).next(stream.flip()))
        .containsExactly(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 50})
  void streamThatEndsWithinAFrameIsSeen(int length) throws IOException {
    FrameReader reader = new FrameReader(LIMIT, new FrameMemory(LIMIT));
    assertThat(reader.next(ByteBuffer.wrap(stream(bytes(100)), 0, length))).isNull();
    assertThat(reader.isWithinFrame()).isTrue();
  }

  @Test
  void longFramesOfAllConnectionsShareTheirMemory() throws IOException {
    FrameMemory memory = new FrameMemory(700_000);
    byte[] stream = stream(bytes(300_000));
    byte[] first = new FrameReader(LIMIT, memory).next(ByteBuffer.wrap(stream));
    FrameReader refused = new FrameReader(LIMIT, memory);
    assertThatThrownBy(() -> refused.next(ByteBuffer.wrap(stream)))
        .isInstanceOf(PickleException.class)
        .hasMessageContaining("expected frames of at most 700000 bytes together");
    refused.close();
    memory.release(Objects.requireNonNull(first));
    try (FrameReader cutOff = new FrameReader(LIMIT, memory)) {
      assertThat(cutOff.next(ByteBuffer.wrap(stream, 0, 200_000))).isNull();
    }
    // Neither the refused frame nor the one that was cut off holds anything any more.
    for (int i = 0; i < 5; i++) {
      memory.release(
          Objects.requireNonNull(new FrameReader(LIMIT, memory).next(ByteBuffer.wrap(stream))));
    }
  }

  /// A promise of a gigabyte must not take one.
  @Test
  void memoryGrowsWithWhatArrives() {
    FrameReader reader = new FrameReader(Integer.MAX_VALUE - 8, new FrameMemory(LIMIT));
    ByteBuffer promise = ByteBuffer.allocate(5).putInt(Integer.MAX_VALUE - 8).put((byte) 1).flip();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(reader.next(promise)).isNull();
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(LIMIT);
    assertThat(reader.isWithinFrame()).isTrue();
  }
}
