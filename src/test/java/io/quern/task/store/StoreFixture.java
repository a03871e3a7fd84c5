package io.quern.task.store;

import java.nio.file.Path;

/// A store on a real file.
final class StoreFixture implements AutoCloseable {
  final StoreDatabase database;
  final JdbcTaskStore store;

  private StoreFixture(StoreDatabase database, Retention retention) {
    this.database = database;
    this.store = new JdbcTaskStore(database, TaskFixtures.QASM, retention);
  }

  static StoreFixture open(Path directory) {
    return open(directory, Retention.DEFAULT);
  }

  static StoreFixture open(Path directory, Retention retention) {
    return new StoreFixture(StoreDatabase.open(StoreDatabase.Settings.of(directory)), retention);
  }

  @Override
  public void close() {
    store.close();
    database.close();
  }
}
