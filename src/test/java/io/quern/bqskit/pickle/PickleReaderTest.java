package io.quern.bqskit.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PickleReaderTest {
  private static final PickleLimits LIMITS = new PickleLimits(256 << 20, 1000);

  /// A pickle as Latin-1 text, with PROTO 4 before and STOP behind.
  private static byte[] pickle(String opcodes) {
    return ("\u0080\u0004" + opcodes + ".").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static PickleNode read(String opcodes) {
    return PickleReader.read(pickle(opcodes), LIMITS);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("Pname\n", "offset 2, PERSID: persistent ids name what only their sender has"),
        Arguments.of("NQ", "offset 3, BINPERSID"),
        Arguments.of("\u0082\u0001", "offset 2, EXT1: extension codes"),
        Arguments.of("\u0083\u0001\u0001", "offset 2, EXT2"),
        Arguments.of("\u0084\u0001\u0001\u0001\u0001", "offset 2, EXT4"),
        Arguments.of("\u0097", "offset 2, NEXT_BUFFER: out-of-band buffers"),
        Arguments.of("N\u0098", "offset 3, READONLY_BUFFER"),
        Arguments.of("\u00ff", "offset 2, unknown opcode 0xff: not an opcode"),
        Arguments.of("\u0080\u0006N", "expected protocol 2 to 5, found 6"),
        Arguments.of("h\u0000", "offset 2, BINGET: nothing is in the memo under 0"),
        Arguments.of(
            "Nr\u00ff\u00ff\u00ff\u00ff", "memo index 4294967295 within the first 3 opcodes"),
        Arguments.of(
            "B\u0009\u0000\u0000\u0000123456789q\u0006", "memo index 6 within the first 3 opcodes"),
        Arguments.of("X\u00ff\u00ff\u00ff\u007f", "a length of 2147483647 with only 1 bytes left"),
        Arguments.of(
            "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
            "a length of 18446744073709551615 with only"),
        Arguments.of("\u008b\u0000\u0000\u0000\u0001", "a length of 16777216 with only"),
        Arguments.of("C\u0005ab", "2 too early"),
        Arguments.of("NN", "expected one value, found 2 and 0 open marks"),
        Arguments.of("N(", "expected one value, found 1 and 1 open marks"),
        Arguments.of("", "expected one value, found 0"),
        Arguments.of("R", "offset 2, REDUCE: nothing is on the stack"),
        Arguments.of("t", "offset 2, TUPLE: no mark is on the stack"),
        Arguments.of("}(Nu", "expected keys and values in turn, found 1 items"),
        Arguments.of("NN\u0093", "expected two texts"),
        Arguments.of("I12x\n", "expected an integer, found '12x'"),
        Arguments.of("N.N", "2 bytes follow it"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusalSaysWhereAndWhy(String opcodes, String why) {
    assertThatThrownBy(() -> read(opcodes))
        .isInstanceOf(PickleException.class)
        .hasMessageContaining(why);
  }

  @Test
  void oldProtocolsAreRefused() {
    assertThatThrownBy(() -> PickleReader.read("I1\n.".getBytes(StandardCharsets.UTF_8), LIMITS))
        .hasMessage(
            "expected a pickle of protocol 2 to 5, which starts with PROTO, found byte 0x49");
  }

  @ParameterizedTest
  @CsvSource({"],a", "(,t", "N,\u0085"})
  void deepNestingIsRefusedWhateverItIsMadeOf(String open, String close) {
    assertThatThrownBy(() -> read(open.repeat(2000) + close.repeat(2000)))
        .isInstanceOf(PickleException.class)
        .hasMessageContaining("nested more than 1000 deep");
  }

  @Test
  void valuesAreWrittenFromDeepTreesWithoutRecursion() {
    PickleNode node = PickleNode.Constant.NONE;
    for (int i = 0; i < 1_000_000; i++) {
      node = new TupleNode(node);
    }
    assertThat(PickleWriter.write(node).size()).isEqualTo(2 + 1 + 1_000_000 + 1);
  }

  @Test
  void treeThatTakesTooMuchMemoryIsRefused() {
    assertThatThrownBy(
            () -> PickleReader.read(pickle("(" + "N".repeat(100) + "t"), new PickleLimits(1000, 9)))
        .hasMessageContaining("offset 44, NONE: its values take more than 1000 bytes of memory");
  }

  /// A few bytes whose value would have 2^40 items if sharing were not kept.
  @Test
  void valueThatDoublesItselfStaysSmall() {
    String bomb = "]" + "2\u0086".repeat(40);
    Pickle written = PickleWriter.write(read(bomb));
    assertThat(written.size()).isLessThan(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "N",
        ")",
        "]",
        "}",
        "\u008f",
        "(",
        "]\u0094",
        "]]a",
        "N\u0085",
        "cm\nn\n)RNb",
        "}NNs",
        "\u008c\u0001xK\u0001\u008a\u0009abcdefghi",
        ")\u0094",
        "K\u0001",
        "\u008c\u0000"
      })
  void memoryIsInProportionToTheInput(String unit) {
    int count = 100_000;
    byte[] bytes = pickle(unit.repeat(count));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      PickleReader.read(bytes, new PickleLimits(Long.MAX_VALUE, Integer.MAX_VALUE));
    } catch (PickleException e) {
      assertThat(e.getMessage()).contains("STOP");
    }
    long used = threads.getCurrentThreadAllocatedBytes() - before;
    // Stack and memo leave smaller copies behind as they grow, which count here, too.
    long estimate = estimate(bytes, count);
    assertThat(used).isLessThan(estimate * 3 / 2);
  }

  /// What the limits count: the smallest with which the pickle is not refused for its size.
  private static long estimate(byte[] bytes, int count) {
    long low = 1000;
    long high = 1000L * count;
    while (low < high) {
      long middle = (low + high) / 2;
      String refusal = "";
      try {
        PickleReader.read(bytes, new PickleLimits(middle, Integer.MAX_VALUE));
      } catch (PickleException e) {
        refusal = String.valueOf(e.getMessage());
      }
      if (refusal.contains("bytes of memory")) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Test
  void selfContainingTupleIsWrittenAsPythonWritesIt() {
    // t = ([t],): the list is put aside once the tuple exists.
    PickleNode tuple = read("]\u0094h\u0000\u0085\u0094a0h\u0001");
    PickleNode list = ((TupleNode) tuple).items().getFirst();
    assertThat(((ListNode) list).items()).containsExactly(tuple);
    byte[] written = PickleWriter.write(tuple).toBytes();
    PickleNode again = PickleReader.read(written, LIMITS);
    PickleNode listAgain = ((TupleNode) again).items().getFirst();
    assertThat(((ListNode) listAgain).items()).containsExactly(again);
  }

  @Test
  void changesToAnObjectFromTheMemoStayAtTheirPlace() {
    // [d, f(d), d.update(k=1)]: the call must see d empty.
    PickleNode list = read("](}\u0094cm\nf\nh\u0000\u0085Rh\u0000K\u0007K\u0001se");
    List<PickleNode> items = ((ListNode) list).items();
    assertThat(((DictNode) items.get(0)).size()).isZero();
    LaterNode later = (LaterNode) items.get(2);
    assertThat(later.target()).isSameAs(items.get(0));
    assertThat(later.steps())
        .singleElement()
        .isInstanceOfSatisfying(
            Step.SetItems.class,
            set ->
                assertThat(set.entries())
                    .containsExactly(new PickleNode.Int(7), new PickleNode.Int(1)));
    byte[] written = PickleWriter.write(list).toBytes();
    String text = new String(written, StandardCharsets.ISO_8859_1);
    assertThat(text.indexOf('R')).isLessThan(text.indexOf("K\u0007K\u0001"));
  }

  @Test
  void whatIsWrittenOnceIsWrittenTheSameAgain() {
    for (Map.Entry<String, byte[]> recorded : Recorded.pickles().entrySet()) {
      byte[] once = PickleWriter.write(PickleReader.read(recorded.getValue(), LIMITS)).toBytes();
      byte[] twice = PickleWriter.write(PickleReader.read(once, LIMITS)).toBytes();
      assertThat(twice).as(recorded.getKey()).isEqualTo(once);
    }
  }

  @Test
  void longByteStringsAreNotCopied() {
    byte[] body = new byte[1 << 20];
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(new byte[] {(byte) 0x80, 4, 'B', 0, 0, 0x10, 0});
    frame.writeBytes(body);
    frame.write('.');
    byte[] bytes = frame.toByteArray();
    Pickle written = PickleWriter.write(PickleReader.read(bytes, LIMITS));
    // The pieces lie in the frame itself: what changes there changes here.
    bytes[100] = 7;
    assertThat(written.buffers()).anyMatch(piece -> piece.remaining() == body.length);
    assertThat(written.toBytes()).isEqualTo(bytes);
  }

  @Test
  void splicedPicklesKeepTheirOwnMemo() {
    Pickle item = PickleWriter.write(read("]\u0094h\u0000\u0086\u0094h\u0001\u0086"));
    Pickle message =
        PickleSplice.messageOfList(new GlobalNode("m", "E"), 8, List.of(item, item, item));
    TupleNode tuple = (TupleNode) PickleReader.read(message.toBytes(), LIMITS);
    List<PickleNode> items = ((ListNode) tuple.items().get(1)).items();
    assertThat(items).hasSize(3).doesNotHaveDuplicates();
    for (PickleNode each : items) {
      List<PickleNode> pair = ((TupleNode) each).items();
      assertThat(pair.get(0)).isSameAs(pair.get(1));
    }
    assertThatThrownBy(
            () ->
                PickleSplice.message(
                    new GlobalNode("m", "E"),
                    8,
                    Pickle.of(pickle("\u0095\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000N"))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
