package io.quern.bqskit.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
  private static final int LIMIT = 1 << 20;
  private static final FrameMemory MEMORY = new FrameMemory(1 << 20);

  private static byte[] stream(byte[]... frames) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      Framing.write(out, Pickle.of(frame));
    }
    return out.toByteArray();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void framesAreReadOneAfterTheOther() throws IOException {
    byte[] stream = stream(bytes(1), bytes(200_000), bytes(65_536));
    ByteArrayInputStream in = new ByteArrayInputStream(stream);
    assertThat(Framing.read(in, LIMIT, MEMORY)).isEqualTo(bytes(1));
    assertThat(Framing.read(in, LIMIT, MEMORY)).isEqualTo(bytes(200_000));
    assertThat(Framing.read(in, LIMIT, MEMORY)).isEqualTo(bytes(65_536));
    assertThat(Framing.read(in, LIMIT, MEMORY)).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void framesAreTheSameHoweverTheirBytesArrive(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] stream = stream(bytes(1), bytes(200_000), bytes(70), bytes(65_537));
    FrameReader reader = new FrameReader(LIMIT);
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
    byte[] bytes = java.util.HexFormat.of().parseHex(header);
    assertThatThrownBy(() -> Framing.read(new ByteArrayInputStream(bytes), LIMIT, MEMORY))
        .isInstanceOf(PickleException.class)
        .hasMessageContaining("expected a frame of 1 to 1048576 bytes");
    assertThatThrownBy(() -> new FrameReader(LIMIT).next(ByteBuffer.wrap(bytes)))
        .isInstanceOf(PickleException.class);
  }

  @Test
  void longLengthOfAShortFrameIsRead() throws IOException {
    ByteBuffer stream = ByteBuffer.allocate(13).putInt(-1).putLong(1).put((byte) 7);
    assertThat(Framing.read(new ByteArrayInputStream(stream.array()), LIMIT, MEMORY))
        .containsExactly(7);
    assertThat(new FrameReader(LIMIT).next(stream.flip())).containsExactly(7);
  }

  @Test
  void streamThatEndsWithinAFrameSaysSo() throws IOException {
    byte[] stream = stream(bytes(100));
    for (int length : new int[] {2, 4, 50}) {
      assertThatThrownBy(
              () -> Framing.read(new ByteArrayInputStream(stream, 0, length), LIMIT, MEMORY))
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void longFramesOfAllConnectionsShareTheirMemory() throws IOException {
    FrameMemory memory = new FrameMemory(700_000);
    byte[] stream = stream(bytes(300_000));
    byte[] first = Framing.read(new ByteArrayInputStream(stream), LIMIT, memory);
    assertThatThrownBy(() -> Framing.read(new ByteArrayInputStream(stream), LIMIT, memory))
        .isInstanceOf(PickleException.class)
        .hasMessageContaining("expected frames of at most 700000 bytes together");
    byte[] cutOff = Arrays.copyOf(stream, 200_000);
    memory.release(Objects.requireNonNull(first));
    assertThatThrownBy(() -> Framing.read(new ByteArrayInputStream(cutOff), LIMIT, memory))
        .isInstanceOf(EOFException.class);
    // Neither the refused frame nor the one that was cut off holds anything any more.
    for (int i = 0; i < 5; i++) {
      memory.release(
          Objects.requireNonNull(Framing.read(new ByteArrayInputStream(stream), LIMIT, memory)));
    }
  }

  /// A promise of a gigabyte must not take one.
  @Test
  void memoryGrowsWithWhatArrives() {
    FrameReader reader = new FrameReader(Integer.MAX_VALUE - 8);
    ByteBuffer promise = ByteBuffer.allocate(5).putInt(Integer.MAX_VALUE - 8).put((byte) 1).flip();
    assertThat(reader.next(promise)).isNull();
    assertThat(reader.isWithinFrame()).isTrue();
  }
}
