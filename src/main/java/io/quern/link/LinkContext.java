package io.quern.link;

import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.protocol.encoding.Hello;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// What all links of a process have in common: who it is, what it may be sent, whom it admits.
public final class LinkContext {
  private final String name;
  private final String engineVersion;
  private final FunctionRegistry functions;
  private final LinkSettings settings;
  private final LinkSecurity security;
  private final List<String> labels;
  private final RefusalCounts refusals;
  private volatile boolean isReturning;
  private final boolean isCell;

  /// Null for one that stays.
  private volatile @Nullable Long leavesAt;

  private final long instance = ThreadLocalRandom.current().nextLong();

  /// @param name how it is called in the logs of others
  /// @param labels what the slots in this process offer
  public LinkContext(
      String name,
      String engineVersion,
      FunctionRegistry functions,
      LinkSettings settings,
      LinkSecurity security,
      List<String> labels) {
    this(name, engineVersion, functions, settings, security, labels, false);
  }

  /// @param isCell whether the process was started for a task that may end whoever runs it
  public LinkContext(
      String name,
      String engineVersion,
      FunctionRegistry functions,
      LinkSettings settings,
      LinkSecurity security,
      List<String> labels,
      boolean isCell) {
    this(name, engineVersion, functions, settings, security, labels, isCell, new RefusalCounts());
  }

  private LinkContext(
      String name,
      String engineVersion,
      FunctionRegistry functions,
      LinkSettings settings,
      LinkSecurity security,
      List<String> labels,
      boolean isCell,
      RefusalCounts refusals) {
    this.isCell = isCell;
    this.refusals = refusals;
    this.labels = List.copyOf(labels);
    this.name = name;
    this.engineVersion = engineVersion;
    this.functions = functions;
    this.settings = settings;
    this.security = security;
  }

  /// The same process at another door, whose refusals are counted with these.
  public LinkContext with(LinkSecurity other) {
    return new LinkContext(
        name, engineVersion, functions, settings, other, labels, isCell, refusals);
  }

  /// Whether the process was started for a task that may end whoever runs it.
  public boolean isCell() {
    return isCell;
  }

  public String name() {
    return name;
  }

  public String engineVersion() {
    return engineVersion;
  }

  /// What the slots in this process offer.
  public List<String> labels() {
    return labels;
  }

  public FunctionRegistry functions() {
    return functions;
  }

  public LinkSettings settings() {
    return settings;
  }

  public LinkSecurity security() {
    return security;
  }

  /// Peers turned away or cut off so far.
  public RefusalCounts refusals() {
    return refusals;
  }

  /// Says whether this process, when it next meets a boss, comes back to it with work.
  public void returns(boolean isReturning) {
    this.isReturning = isReturning;
  }

  /// Says when this process will leave.
  ///
  /// @param nanoTime as [System#nanoTime] will tell it then
  public void leavesAt(long nanoTime) {
    leavesAt = nanoTime;
  }

  private long millisLeft() {
    Long at = leavesAt;
    return at == null ? 0 : Math.max(1, (at - System.nanoTime()) / 1_000_000);
  }

  Hello hello(boolean isBoss) {
    Runtime runtime = Runtime.getRuntime();
    return new Hello(
        engineVersion,
        functions.fingerprint(),
        isBoss,
        name,
        instance,
        runtime.availableProcessors(),
        runtime.maxMemory(),
        isBoss ? 0 : millisLeft(),
        labels,
        !isBoss && isReturning,
        !isBoss && isCell);
  }

  /// Why a peer cannot be worked with; null if it can.
  @Nullable String mismatch(Hello peer) {
    if (!peer.engineVersion().equals(engineVersion)) {
      return "expected engine "
          + engineVersion
          + ", "
          + peer.name()
          + " has "
          + peer.engineVersion();
    }
    if (!peer.functions().equals(functions.fingerprint())) {
      return peer.name() + " knows other functions: " + peer.functions();
    }
    return null;
  }

  GrpcLink link(String where, Hello peer, GrpcLink.Stream stream) {
    return new GrpcLink(where, peer, stream, functions, settings, refusals);
  }
}
