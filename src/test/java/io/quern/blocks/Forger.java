package io.quern.blocks;

import io.quern.engine.compile.Compilation;
import io.quern.engine.pass.LogLevel;
import io.quern.link.Dialler;
import io.quern.link.GrpcLink;
import io.quern.link.Link;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.link.LinkSettings;
import io.quern.protocol.Breadcrumbs;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.TaskId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A manager that joins as others do, and then submits a block in the name of a worker that it does
/// not have.
public final class Forger implements AutoCloseable {
  private final CountDownLatch cutOff = new CountDownLatch(1);
  private final Dialler dialler;

  private Forger(String boss) {
    LinkContext context =
        new LinkContext(
            "forger",
            Compilation.VERSION,
            new BlockRoot().functions(),
            LinkSettings.DEFAULT,
            LinkSecurity.NONE,
            List.of());
    dialler = Dialler.start(context, boss, false, this::forge);
  }

  /// Joins a boss at `host:port`.
  public static Forger join(String boss) {
    return new Forger(boss);
  }

  private void forge(GrpcLink link) {
    link.receive(
        new Link.Receiver() {
          @Override
          public void received(Message message) {
            if (message instanceof Message.Connect) {
              link.send(new Message.Started(1));
              link.send(new Message.Submit(block()));
            }
          }

          @Override
          public void closed() {
            cutOff.countDown();
          }
        });
  }

  private static RuntimeTask block() {
    RuntimeTaskId root = new RuntimeTaskId(new RuntimeAddress(RuntimeAddress.SERVER, 1, 0), 1);
    return new RuntimeTask(
        new RuntimeTaskId(new RuntimeAddress(123_456, 1, 0), 1),
        Breadcrumbs.NONE.then(root),
        new CompilationContext(
            new TaskId(new UUID(0x7000, 1)), root, "anonymous", LogLevel.INFO, -1, null),
        new Block(),
        new Block.Argument(0, 0, 0));
  }

  /// Whether it was cut off for the first time; waits for that, but not for ever.
  public boolean isCutOff() throws InterruptedException {
    return cutOff.await(2, TimeUnit.MINUTES);
  }

  @Override
  public void close() {
    dialler.close();
  }
}
