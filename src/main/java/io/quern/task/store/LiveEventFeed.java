package io.quern.task.store;

import io.quern.task.EventFeed;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Live event logs: the store's past followed by what its writer commits.
///
/// A task that is being read has a channel, which keeps its newest committed events in a ring that
/// all its readers share: each event is encoded once, and publishing it costs the same for one
/// reader and for a thousand. A reader is a position. As long as the position lies in the ring it
/// is served from there; before it, from the store. So a slow reader takes no memory: the ring
/// leaves it behind and it goes on reading the store.
///
/// Nothing falls between the two: a reader joins the channel before it first reads the store, and
/// events are published after their commit. What the reader's query does not see was therefore
/// committed after it and is put into the channel the reader has already joined. Nothing comes
/// twice, because a position only grows.
///
/// Tasks that nobody reads have no channel and cost nothing.
public final class LiveEventFeed implements EventFeed {
  /// Events a channel keeps: enough for a reader that is one wake-up late at thousands of events a
  /// second.
  static final int RING_EVENTS = 512;

  /// Events one call of a reader returns at most.
  static final int BATCH_EVENTS = 256;

  private final TaskStore store;
  private final ConcurrentHashMap<TaskId, EventChannel> channels = new ConcurrentHashMap<>();

  /// @param store where committed events are read
  public LiveEventFeed(TaskStore store) {
    this.store = store;
  }

  /// Makes committed events known to the readers of their tasks; called by the writer after the
  /// commit, in order.
  public void publish(List<TaskEvent> committed) {
    int from = 0;
    while (from < committed.size()) {
      TaskId task = committed.get(from).task();
      int to = from + 1;
      while (to < committed.size() && committed.get(to).task().equals(task)) {
        to++;
      }
      publish(task, committed.subList(from, to));
      from = to;
    }
  }

  /// Has the readers of a task look in the store for its events up to a number: it has them, though
  /// their commit was reported as failed, so that they were not published.
  public void announce(TaskId task, long number) {
    EventChannel channel = channels.get(task);
    if (channel != null) {
      channel.skipTo(number);
    }
  }

  private void publish(TaskId task, List<TaskEvent> committed) {
    EventChannel channel = channels.get(task);
    if (channel == null) {
      return;
    }
    List<StoredEvent> events = new ArrayList<>(committed.size());
    try {
      for (TaskEvent event : committed) {
        events.add(encode(event));
      }
    } catch (RuntimeException | Error e) {
      // Readers find in the store what cannot be handed to them.
      channel.skipTo(committed.getLast().number());
      throw e;
    }
    channel.append(events);
  }

  private StoredEvent encode(TaskEvent event) {
    String type = event.data().type();
    if (event.data() instanceof TaskEvent.ResultReady) {
      // Only the store knows the times that belong into a result; read once for all readers.
      List<StoredEvent> stored = store.events(event.task(), event.number(), 1);
      if (stored.isEmpty()) {
        throw new IllegalStateException(
            "result event " + event.number() + " of task " + event.task() + " is not in the store");
      }
      return stored.getFirst();
    }
    String data = TaskJson.eventData(event.data());
    return new StoredEvent(
        event.task(),
        event.number(),
        type,
        event.isTerminal(),
        TaskJson.event(event.task(), event.number(), event.time(), type, data));
  }

  @Override
  public Reader open(TaskId task, long from) {
    if (from < 1) {
      throw new IllegalArgumentException("events are numbered from 1, found " + from);
    }
    EventChannel joined =
        channels.compute(
            task,
            (_, channel) -> {
              EventChannel present = channel == null ? new EventChannel(RING_EVENTS) : channel;
              present.join();
              return present;
            });
    return new ChannelReader(task, joined, from);
  }

  /// How many tasks are being read.
  public int openChannels() {
    return channels.size();
  }

  private final class ChannelReader implements Reader {
    private final TaskId task;
    private final EventChannel channel;
    private long position;
    private boolean closed;

    private ChannelReader(TaskId task, EventChannel channel, long from) {
      this.task = task;
      this.channel = channel;
      this.position = from;
    }

    @Override
    public List<StoredEvent> next(Duration timeout) throws InterruptedException {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (true) {
        List<StoredEvent> events = channel.read(position, BATCH_EVENTS);
        if (events == null) {
          long known = channel.last();
          events = store.events(task, position, BATCH_EVENTS);
          if (events.isEmpty() && !channel.awaitAfter(known, deadline - System.nanoTime())) {
            return events;
          }
        } else if (events.isEmpty()) {
          if (!channel.awaitAfter(position - 1, deadline - System.nanoTime())) {
            return events;
          }
        }
        if (!events.isEmpty()) {
          position = events.getLast().number() + 1;
          return events;
        }
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        channels.compute(
            task,
            (_, present) -> {
              if (present != channel) {
                throw new IllegalStateException("channel of task " + task + " was replaced");
              }
              return channel.leave() ? null : channel;
            });
      }
    }
  }
}
