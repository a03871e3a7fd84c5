package io.quern.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdPoolTest {
  private static final LinkId WORKER = new LinkId(1);
  private static final LinkId NODE = new LinkId(2);

  private final IdPool pool = new IdPool();

  @Test
  void workerGetsOneIdAndANodeAPartOfTheBlock() {
    pool.add(new IdBlock(6_400, 12_800));
    assertThat(pool.take(WORKER, false)).isEqualTo(new IdBlock(6_400, 6_401));
    assertThat(pool.take(NODE, true)).isEqualTo(new IdBlock(6_401, 6_501));
  }

  @Test
  void nodeOfASmallBlockGetsEnoughForItsOwnWorkers() {
    pool.add(new IdBlock(100, 164));
    assertThat(pool.take(NODE, true)).isEqualTo(new IdBlock(100, 116));
  }

  @Test
  void allIdsAreGivenOutAndNoneTwice() {
    pool.add(new IdBlock(0, 64));
    List<IdBlock> taken = new ArrayList<>();
    for (IdBlock next = pool.take(NODE, true); next != null; next = pool.take(NODE, true)) {
      taken.add(next);
    }
    assertThat(taken)
        .containsExactly(
            new IdBlock(0, 16), new IdBlock(16, 32), new IdBlock(32, 48), new IdBlock(48, 64));
  }

  @Test
  void whoeverFindsNoneWaitsUntilItHasSomeOrIsGone() {
    assertThat(pool.isOpen()).isFalse();
    assertThat(pool.take(WORKER, false)).isNull();
    assertThat(pool.take(NODE, true)).isNull();
    assertThat(pool.isWaitedFor()).isTrue();
    pool.forget(WORKER);
    assertThat(pool.takeWaiting()).containsExactly(NODE);
    assertThat(pool.isWaitedFor()).isFalse();
  }

  @Test
  void idsOfEveryBlockThatWasGivenAreMineAndOthersAreNot() {
    pool.add(new IdBlock(0, 16));
    pool.add(new IdBlock(100, 116));
    assertThat(pool.given()).hasSize(2);
    assertThat(pool.areMine(List.of(new IdBlock(3, 4), new IdBlock(100, 116)))).isTrue();
    assertThat(pool.areMine(List.of(new IdBlock(3, 4), new IdBlock(115, 117)))).isFalse();
  }
}
