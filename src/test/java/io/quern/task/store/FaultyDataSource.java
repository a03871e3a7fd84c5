package io.quern.task.store;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// A data source that loses connections at chosen moments. Each fault strikes once, in order.
final class FaultyDataSource implements DataSource {
  enum Fault {
    /// The connection is lost and nothing was committed.
    BEFORE_COMMIT,
    /// The commit takes place, but its answer is lost with the connection.
    AFTER_COMMIT,
    /// The connection is lost at the next statement.
    AT_STATEMENT,
    /// No connection can be had.
    AT_CONNECT
  }

  private final DataSource real;
  private final Queue<Fault> faults = new ArrayDeque<>();
  private int connections;

  FaultyDataSource(DataSource real) {
    this.real = real;
  }

  synchronized void plan(Fault... planned) {
    faults.addAll(java.util.List.of(planned));
  }

  /// How many connections were opened.
  synchronized int connections() {
    return connections;
  }

  synchronized boolean isExhausted() {
    return faults.isEmpty();
  }

  private synchronized boolean strikes(Fault fault) {
    if (faults.peek() != fault) {
      return false;
    }
    faults.remove();
    return true;
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (strikes(Fault.AT_CONNECT)) {
      throw new SQLException("no route to the database", "08001");
    }
    synchronized (this) {
      connections++;
    }
    Connection connection = real.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              boolean commits = method.getName().equals("commit");
              if (commits && strikes(Fault.BEFORE_COMMIT)
                  || method.getName().equals("prepareStatement") && strikes(Fault.AT_STATEMENT)) {
                lose(connection);
              }
              try {
                Object answer = method.invoke(connection, arguments);
                if (commits && strikes(Fault.AFTER_COMMIT)) {
                  lose(connection);
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void lose(Connection connection) throws SQLException {
    connection.rollback();
    connection.close();
    throw new SQLException("the connection is lost", "08006");
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("nothing to unwrap");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
