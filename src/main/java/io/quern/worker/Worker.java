package io.quern.worker;

import io.quern.failure.ErrorCode;
import io.quern.protocol.Failure;
import io.quern.protocol.IdBlock;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.runtime.StateMachine;
import io.quern.runtime.TransitionTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One execution slot: the runtime tasks on it and the mailboxes they own.
///
/// The slot runs one task at a time. A task that awaits its children gives the slot to the next and
/// gets it back, before anything new is begun, when the results are there. New tasks are not placed
/// here: they go up to the boss, who knows who is idle.
///
/// Like the server this is a state machine for one thread: events in, effects out. The threads are
/// the [TaskRunner]'s.
public final class Worker {

  /// A task that was begun or is in line, and not over.
  private static final class Entry {
    private final RuntimeTask task;
    private final StateMachine<RuntimeTaskPhase, RuntimeTaskPhase.Signal> machine;
    private final Set<Long> mailboxes = new LinkedHashSet<>(2);
    private int lastHeard;

    private Entry(
        RuntimeTask task, TransitionTable<RuntimeTaskPhase, RuntimeTaskPhase.Signal> table) {
      this.task = task;
      lastHeard = task.lastHeard();
      machine = new StateMachine<>(table, RuntimeTaskPhase.ON_SLOT);
    }

    private boolean signal(RuntimeTaskPhase.Signal signal) {
      return machine.apply(signal, task);
    }

    private boolean hasSlot() {
      return machine.is(RuntimeTaskPhase.ON_SLOT) || machine.is(RuntimeTaskPhase.CANCELLED);
    }

    private boolean isAlive() {
      return machine.is(RuntimeTaskPhase.ON_SLOT) || machine.is(RuntimeTaskPhase.AWAITING);
    }
  }

  /// For a task that awaits a mailbox it has emptied or cancelled: nothing will ever come.
  private static final Delivery GONE =
      new Delivery.Failed(
          0,
          new Failure(
              ErrorCode.INTERNAL, "these results were delivered or cancelled", null, null, null));

  private final TransitionTable<RuntimeTaskPhase, RuntimeTaskPhase.Signal> table =
      RuntimeTaskPhase.table();
  private final Map<RuntimeTaskId, Entry> tasks = new LinkedHashMap<>();
  private final Map<Long, WorkerMailbox> mailboxes = new HashMap<>();
  private List<WorkerEffect> effects = new ArrayList<>();
  private @Nullable IdBlock ids;
  private @Nullable RuntimeTaskId mostRecentReadSubmit;
  private int onSlot;
  private boolean bossThinksIdle = true;
  private long cancelCounter;
  private long dropped;

  /// Handles one event and returns what is to be done, in order.
  public List<WorkerEffect> handle(WorkerEvent event) {
    switch (event) {
      case WorkerEvent.FromBoss(Message message) -> handleMessage(message);
      case WorkerEvent.Spawned spawned -> handleSpawned(spawned);
      case WorkerEvent.Awaiting awaiting -> handleAwaiting(awaiting);
      case WorkerEvent.CancelAsked(RuntimeTaskId task, long mailbox) -> {
        Entry entry = tasks.get(task);
        if (entry != null && entry.mailboxes.remove(mailbox)) {
          cancelChildren(mailbox);
        }
      }
      case WorkerEvent.Communicated(RuntimeTaskId task, Message.Communicate said) -> {
        Entry entry = tasks.get(task);
        if (entry != null && entry.mailboxes.contains(said.address().mailbox())) {
          sendUp(said);
        }
      }
      case WorkerEvent.Said(Message message) -> sendUp(message);
      case WorkerEvent.Returned(RuntimeTaskId task, Object value, long nanos) ->
          handleEnd(
              task, new Message.Result(task, id(), entry(task).task.function(), value, nanos));
      case WorkerEvent.Threw threw ->
          handleEnd(
              threw.task(), new Message.Error(threw.task(), id(), threw.failure(), threw.nanos()));
      case WorkerEvent.Unwound(RuntimeTaskId task) -> handleEnd(task, null);
      case WorkerEvent.Recalled(List<RuntimeTaskId> recalled) -> handleRecalled(recalled);
    }
    if (onSlot == 0 && !bossThinksIdle) {
      bossThinksIdle = true;
      sendUp(new Message.Waiting(1, mostRecentReadSubmit));
    }
    List<WorkerEffect> done = effects;
    effects = new ArrayList<>();
    return done;
  }

  private void handleMessage(Message message) {
    switch (message) {
      case Message.Connect(IdBlock block) -> {
        ids = block;
        sendUp(new Message.Started(1));
      }
      case Message.Submit(RuntimeTask task) -> handleSubmit(List.of(task));
      case Message.SubmitBatch(List<RuntimeTask> batch) -> handleSubmit(batch);
      case Message.Result result -> handleResult(result);
      case Message.Error error -> handleError(error);
      case Message.Communicate said -> handleCommunicate(said);
      case Message.Cancel cancel -> handleCancel(cancel);
      case Message.Recall(List<RuntimeTaskId> wanted) -> handleRecall(wanted);
      case Message.Shutdown() ->
          tasks.values().stream().filter(Entry::isAlive).toList().forEach(this::interrupt);
      case Message.FromEmployee _,
          Message.RunReport _,
          Message.Attached _,
          Message.Credit _,
          Message.Taken _ ->
          throw new IllegalArgumentException("a worker was sent " + message);
    }
  }

  private void handleSubmit(List<RuntimeTask> batch) {
    mostRecentReadSubmit = batch.getFirst().id();
    bossThinksIdle = false;
    for (RuntimeTask task : batch) {
      if (tasks.putIfAbsent(task.id(), new Entry(task, table)) != null) {
        throw new IllegalStateException("worker " + id() + " was given twice: " + task);
      }
      onSlot++;
      effects.add(new WorkerEffect.Execute(task));
    }
  }

  private void handleResult(Message.Result result) {
    RuntimeAddress address = result.task().address();
    WorkerMailbox box = mailboxes.get(address.mailbox());
    if (box == null || !box.deposit(address.slot(), result.value())) {
      dropped++;
    } else {
      wake(address.mailbox(), box);
    }
  }

  private void handleError(Message.Error error) {
    RuntimeAddress address = error.task().address();
    WorkerMailbox box = mailboxes.get(address.mailbox());
    if (box == null || !box.depositFailure(address.slot(), error.failure())) {
      dropped++;
    } else {
      wake(address.mailbox(), box);
    }
  }

  private void wake(long mailbox, WorkerMailbox box) {
    Delivery delivery = box.takeDelivery();
    if (delivery == null) {
      return;
    }
    Entry entry = entry(box.owner());
    entry.signal(RuntimeTaskPhase.Signal.WAKE);
    onSlot++;
    bossThinksIdle = false;
    sendUp(new Message.Update(entry.task.id(), 1));
    deliver(entry, mailbox, delivery);
  }

  private void deliver(Entry entry, long mailbox, Delivery delivery) {
    if (delivery instanceof Delivery.All) {
      mailboxes.remove(mailbox);
      entry.mailboxes.remove(mailbox);
    }
    effects.add(new WorkerEffect.Resume(entry.task.id(), delivery));
  }

  private void handleSpawned(WorkerEvent.Spawned spawned) {
    Entry entry = tasks.get(spawned.parent());
    if (entry == null || !entry.isAlive()) {
      dropped++;
      return;
    }
    entry.mailboxes.add(spawned.mailbox());
    mailboxes.put(
        spawned.mailbox(), new WorkerMailbox(spawned.parent(), spawned.children().size()));
    sendUp(
        spawned.children().size() == 1
            ? new Message.Submit(spawned.children().getFirst())
            : new Message.SubmitBatch(spawned.children()));
  }

  private void handleAwaiting(WorkerEvent.Awaiting awaiting) {
    Entry entry = entry(awaiting.task());
    WorkerMailbox box = mailboxes.get(awaiting.mailbox());
    if (entry.isAlive()) {
      Delivery delivery = box == null ? GONE : box.deliverOrWant(awaiting.forNext());
      if (delivery != null) {
        deliver(entry, awaiting.mailbox(), delivery);
        return;
      }
    }
    if (entry.signal(RuntimeTaskPhase.Signal.AWAIT)) {
      onSlot--;
      sendUp(new Message.Update(awaiting.task(), -1));
    }
  }

  /// A function has come to an end: its answer goes up, and children nobody will ask for any more
  /// are cancelled.
  ///
  /// @param answer null if it left because it was cancelled
  private void handleEnd(RuntimeTaskId task, @Nullable Message answer) {
    Entry entry = entry(task);
    boolean wasAlive = entry.isAlive();
    onSlot -= entry.hasSlot() ? 1 : 0;
    entry.signal(RuntimeTaskPhase.Signal.FINISH);
    tasks.remove(task);
    if (wasAlive) {
      closeMailboxes(entry);
      if (answer != null) {
        sendUp(answer);
      }
    }
  }

  private void closeMailboxes(Entry entry) {
    for (long mailbox : entry.mailboxes) {
      cancelChildren(mailbox);
    }
    entry.mailboxes.clear();
  }

  private void cancelChildren(long mailbox) {
    WorkerMailbox box = mailboxes.remove(mailbox);
    if (box != null && !box.isComplete()) {
      RuntimeAddress children = new RuntimeAddress(id(), mailbox, RuntimeAddress.ALL_SLOTS);
      sendUp(new Message.Cancel(children, Integer.MAX_VALUE, ++cancelCounter));
    }
  }

  /// Ends what the cancel covers. Descendants elsewhere hear of the same cancel by themselves.
  private void handleCancel(Message.Cancel cancel) {
    for (Entry entry : List.copyOf(tasks.values())) {
      if (entry.task.isCoveredBy(cancel)) {
        interrupt(entry);
      }
    }
    sendUp(new Message.Ack(cancel.number()));
  }

  /// What comes twice, or came with the task, was heard.
  private void handleCommunicate(Message.Communicate said) {
    for (Entry entry : tasks.values()) {
      if (said.number() > entry.lastHeard && said.address().covers(entry.task.id().address())) {
        entry.lastHeard = said.number();
        effects.add(new WorkerEffect.Tell(entry.task.id(), said));
      }
    }
  }

  private void handleRecall(List<RuntimeTaskId> wanted) {
    List<RuntimeTaskId> inLine = new ArrayList<>();
    for (RuntimeTaskId each : wanted) {
      Entry entry = tasks.get(each);
      if (entry != null && entry.machine.is(RuntimeTaskPhase.ON_SLOT)) {
        inLine.add(each);
      }
    }
    if (!inLine.isEmpty()) {
      effects.add(new WorkerEffect.Recall(inLine));
    }
  }

  private void handleRecalled(List<RuntimeTaskId> recalled) {
    for (RuntimeTaskId each : recalled) {
      entry(each).signal(RuntimeTaskPhase.Signal.RECALL);
      tasks.remove(each);
      onSlot--;
      if (each.equals(mostRecentReadSubmit)) {
        // It may come again, and a receipt would be of two submits.
        mostRecentReadSubmit = null;
      }
    }
    if (!recalled.isEmpty()) {
      sendUp(new Message.Recalled(recalled));
    }
  }

  private void interrupt(Entry entry) {
    if (entry.signal(RuntimeTaskPhase.Signal.CANCEL)) {
      entry.mailboxes.forEach(mailboxes::remove);
      entry.mailboxes.clear();
      effects.add(new WorkerEffect.Interrupt(entry.task.id()));
    }
  }

  private Entry entry(RuntimeTaskId id) {
    Entry entry = tasks.get(id);
    if (entry == null) {
      throw new IllegalArgumentException("no task " + id + " on this worker");
    }
    return entry;
  }

  private void sendUp(Message message) {
    effects.add(new WorkerEffect.SendUp(message));
  }

  /// The worker's id, which its boss gave it.
  public long id() {
    if (ids == null) {
      throw new IllegalStateException("the worker has no id yet");
    }
    return ids.lower();
  }

  /// Results and spawns of tasks that were over or cancelled.
  public long dropped() {
    return dropped;
  }

  /// Tasks begun or in line.
  public int numTasks() {
    return tasks.size();
  }

  /// The runtime tasks' machine, for its diagram and for tests.
  public TransitionTable<RuntimeTaskPhase, RuntimeTaskPhase.Signal> taskTable() {
    return table;
  }

  /// Checks what must hold across the tables; tests call it after every event.
  ///
  /// @throws AssertionError with what is wrong
  public void verify() {
    int counted = 0;
    int owned = 0;
    for (Entry entry : tasks.values()) {
      counted += entry.hasSlot() ? 1 : 0;
      owned += entry.mailboxes.size();
      for (long mailbox : entry.mailboxes) {
        WorkerMailbox box = mailboxes.get(mailbox);
        if (box == null || !box.owner().equals(entry.task.id())) {
          throw new AssertionError(entry.task + " does not own mailbox " + mailbox);
        }
      }
    }
    if (counted != onSlot || owned != mailboxes.size()) {
      throw new AssertionError(
          "%d tasks are on the slot and own %d mailboxes, the books say %d and %d"
              .formatted(counted, owned, onSlot, mailboxes.size()));
    }
  }
}
