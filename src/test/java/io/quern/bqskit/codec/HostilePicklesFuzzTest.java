package io.quern.bqskit.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.PickleReader;
import io.quern.bqskit.pickle.PickleWriter;
import io.quern.bqskit.pickle.Recorded;
import io.quern.bqskit.wire.PickledValue;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever bytes come, they are a message or are refused with a [PickleException], and cost memory
/// in proportion to their number. The seed of a failing case is in the name of the test.
class HostilePicklesFuzzTest {
  private static final PickleLimits LIMITS = new PickleLimits(1 << 22, 100);
  private static final WireCodec CODEC = new WireCodec(LIMITS);
  private static final int CASES = Integer.getInteger("quern.fuzz.pickles", 4000);

  /// The worst that an opcode of one byte costs: an object, and its places in stack and memo.
  private static final int BYTES_PER_BYTE = 200;

  /// What the JVM itself takes when a kind of refusal is met first.
  private static final int FIXED_BYTES = 2_000_000;

  /// Classes that are loaded on first use would count as memory of the first cases.
  @BeforeAll
  static void loadClasses() {
    for (byte[] pickle : Recorded.pickles().values()) {
      PickleWriter.write(PickleReader.read(pickle, LIMITS));
      for (int length = 0; length < pickle.length; length += 7) {
        try {
          PickleReader.read(Arrays.copyOf(pickle, length), LIMITS);
        } catch (PickleException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void changedPicklesAreReadOrRefused(long seed) {
    List<byte[]> recorded = new ArrayList<>(Recorded.pickles().values());
    SplittableRandom random = new SplittableRandom(seed);
    int read = 0;
    for (int i = 0; i < CASES; i++) {
      byte[] changed = recorded.get(random.nextInt(recorded.size())).clone();
      for (int k = 1 + random.nextInt(4); k > 0; k--) {
        changed = change(changed, recorded, random);
      }
      read += tryAll(changed) ? 1 : 0;
    }
    // Otherwise the changes are so great that nothing behind the first opcodes is tried.
    assertThat(read).isBetween(CASES / 50, CASES - CASES / 50);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void randomBytesAreReadOrRefused(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < CASES; i++) {
      byte[] bytes = new byte[2 + random.nextInt(300)];
      random.nextBytes(bytes);
      bytes[0] = (byte) 0x80;
      bytes[1] = (byte) (2 + random.nextInt(4));
      tryAll(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void programsOfRandomOpcodesAreReadOrRefused(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int read = 0;
    for (int i = 0; i < CASES; i++) {
      read += tryAll(program(random)) ? 1 : 0;
    }
    assertThat(read).isGreaterThan(CASES / 100);
  }

  /// Whether the bytes were a tree.
  private static boolean tryAll(byte[] bytes) {
    try {
      long before = allocated();
      PickleNode tree = null;
      PickleException refusal = null;
      try {
        tree = PickleReader.read(bytes, LIMITS);
      } catch (PickleException e) {
        refusal = e;
      }
      long used = allocated() - before;
      assertThat(used).isLessThan((long) BYTES_PER_BYTE * bytes.length + FIXED_BYTES);
      if (refusal != null) {
        assertThat(refusal.getMessage()).isNotBlank();
      }
      tryMessages(bytes);
      if (tree == null) {
        return false;
      }
      byte[] written = PickleWriter.write(tree).toBytes();
      assertThat(written.length).isLessThan(40 * bytes.length + 1000);
      PickleReader.read(written, new PickleLimits(1 << 26, 1000));
      return true;
    } catch (PickleException e) {
      // The writer, too, may refuse what is too much; it is then no tree that is passed on.
      return false;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
      return fail("on " + HexFormat.of().formatHex(bytes), e);
    }
  }

  private static void tryMessages(byte[] bytes) {
    try {
      CODEC.readClient(bytes);
    } catch (PickleException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    try {
      CODEC.readManager(bytes);
    } catch (PickleException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    LogRecords.read(PickledValue.of(bytes));
    Circuits.qasm(PickledValue.of(bytes), LIMITS);
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static byte[] change(byte[] bytes, List<byte[]> others, SplittableRandom random) {
    if (bytes.length < 4) {
      return bytes;
    }
    int at = 2 + random.nextInt(bytes.length - 2);
    int length = Math.min(1 + random.nextInt(40), bytes.length - at);
    return switch (random.nextInt(7)) {
      case 0 -> {
        bytes[at] = (byte) random.nextInt(256);
        yield bytes;
      }
      case 1 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 2 -> replace(bytes, at, at + length, new byte[0]);
      case 3 -> replace(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
      case 4 -> {
        byte[] other = others.get(random.nextInt(others.size()));
        int from = random.nextInt(other.length);
        yield replace(
            bytes,
            at,
            at + random.nextInt(length + 1),
            Arrays.copyOfRange(other, from, Math.min(other.length, from + 40)));
      }
      case 5 -> Arrays.copyOf(bytes, at);
      default -> {
        Arrays.fill(bytes, at, Math.min(at + 8, bytes.length), (byte) -random.nextInt(2));
        yield bytes;
      }
    };
  }

  private static byte[] replace(byte[] bytes, int from, int to, byte[] by) {
    byte[] made = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, made, 0, from);
    System.arraycopy(by, 0, made, from, by.length);
    System.arraycopy(bytes, to, made, from + by.length, bytes.length - to);
    return made;
  }

  /// Opcodes that keep the stack mostly in order, so that many programs end in a value.
  private static byte[] program(SplittableRandom random) {
    String values = "N)]}\u0088\u0089\u008f";
    StringBuilder code = new StringBuilder("\u0080\u0004");
    int height = 0;
    int memo = 0;
    for (int i = random.nextInt(60); i >= 0; i--) {
      int kind = random.nextInt(12);
      if (kind < 3 || height == 0) {
        code.append(values.charAt(random.nextInt(values.length())));
        height++;
      } else if (kind == 3) {
        code.append("c").append("module\nname\n");
        height++;
      } else if (kind == 4) {
        code.append('\u0094');
        memo++;
      } else if (kind == 5 && memo > 0) {
        code.append('h').append((char) random.nextInt(memo));
        height++;
      } else if (height >= 2 && kind < 10) {
        String two = "aR\u0081b\u0086b";
        code.append(two.charAt(random.nextInt(two.length())));
        height--;
      } else if (height >= 3 && kind == 10) {
        code.append(random.nextBoolean() ? 's' : '\u0092');
        height -= 2;
      } else if (height >= 2) {
        code.append(random.nextBoolean() ? '0' : '2');
        height += code.charAt(code.length() - 1) == '0' ? -1 : 1;
      } else {
        code.append('\u0085');
      }
    }
    while (height-- > 1) {
      code.append('\u0086');
    }
    return code.append('.').toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
