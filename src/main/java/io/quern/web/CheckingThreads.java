package io.quern.web;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/// Where submissions are read and checked: platform threads, one a core. Requests run on virtual
/// threads, which nothing preempts, so a few large circuits checked there would keep every other
/// request waiting, the liveness probe among them.
final class CheckingThreads implements AutoCloseable {
  private final ExecutorService threads;

  CheckingThreads() {
    ThreadFactory factory = Thread.ofPlatform().daemon().name("check-", 0).factory();
    threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), factory);
  }

  /// Does the work there and waits for it; what it throws is thrown here.
  <T> T call(Callable<T> work) throws InterruptedException {
    try {
      return threads.submit(work).get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException("the check failed", e.getCause());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
