package io.quern.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What a worker's tasks keep for each other.
class WorkerCacheTest {
  private final WorkerCache cache = new WorkerCache();
  private int made;

  private Integer make() {
    return ++made;
  }

  @Test
  void whatWasMadeOnceIsThereForTheNext() {
    assertThat(cache.get(Integer.class, "table", this::make)).isEqualTo(1);
    assertThat(cache.get(Integer.class, "table", this::make)).isEqualTo(1);
    assertThat(cache.get(Integer.class, "other", this::make)).isEqualTo(2);
  }

  @Test
  void aKeyMeansOneThingForEachType() {
    cache.get(Integer.class, "table", this::make);
    assertThat(cache.get(String.class, "table", () -> "a text")).isEqualTo("a text");
    assertThat(cache.get(Integer.class, "table", this::make)).isEqualTo(1);
  }

  @Test
  void makerMayUseTheCacheItself() {
    assertThat(
            cache.get(
                Integer.class, "outer", () -> cache.get(Integer.class, "inner", this::make) + 10))
        .isEqualTo(11);
  }

  @Test
  void whatWasNotUsedForLongestGoesFirst() {
    for (int i = 0; i < WorkerCache.MOST; i++) {
      cache.get(Integer.class, "table " + i, this::make);
    }
    cache.get(Integer.class, "table 0", this::make);
    cache.get(Integer.class, "one more", this::make);
    int before = made;
    cache.get(Integer.class, "table 0", this::make);
    assertThat(made).as("used just now").isEqualTo(before);
    cache.get(Integer.class, "table 1", this::make);
    assertThat(made).as("gone").isEqualTo(before + 1);
  }
}
