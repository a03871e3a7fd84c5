package io.quern.runtime;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Takes nodes back whose link broke. A node that is *away* keeps its tasks for a while; one that
/// comes back says first what it has ([Message.Inventory]), is told what of that is wanted no more,
/// and says then what it still wants done itself ([Message.OpenSubmits]). After the three, both
/// sides have the same books, whatever was lost on the way.
final class Reattachment {
  private final ServerBase owner;
  private final Duration grace;

  /// Links on which somebody comes back, until its inventory is here.
  private final Set<LinkId> returning = new HashSet<>();

  /// Links whose employees are at the other end of newer ones, until their end is noticed.
  private final Set<LinkId> superseded = new HashSet<>();

  /// @param grace how long a node whose link broke may take to come back; zero for not at all
  Reattachment(ServerBase owner, Duration grace) {
    this.owner = owner;
    this.grace = grace;
  }

  /// Whether what comes over a link goes for nothing, since its employee has a newer one.
  boolean isSuperseded(LinkId link) {
    return superseded.contains(link);
  }

  /// A link has ended.
  void forget(LinkId link) {
    returning.remove(link);
    superseded.remove(link);
  }

  /// Whether the employee of a link that broke may come back, and how long it is waited for: from
  /// when it was last heard.
  ///
  /// @param whenGone runs if it has not come back by then
  /// @return false if it is gone
  boolean waitsFor(RuntimeEmployee employee, Duration silence, Runnable whenGone) {
    boolean mayReturn = employee.isNode() && employee.takesWork();
    if (!mayReturn || silence.compareTo(grace) >= 0) {
      return false;
    }
    employee.signal(EmployeePhase.Signal.LINK_CUT);
    Instant until = owner.now().plus(grace).minus(silence);
    employee.away(owner.timers.schedule(until, whenGone));
    return true;
  }

  /// A node is there that says it worked for this one before; its inventory tells.
  void announced(LinkId link) {
    returning.add(link);
  }

  /// A node on its way back leaves before it has said what it has.
  ///
  /// @return false if none is
  boolean gaveUp(LinkId link) {
    return returning.remove(link);
  }

  /// Takes a node back: what it still has to do stays with it, what it had and has no more runs
  /// elsewhere, what it has without having to is dropped.
  void inventory(LinkId link, Message.Inventory inventory) {
    if (!returning.remove(link)) {
      // It was taken for new: it lost its boss after it had introduced itself.
      if (owner.employees.require(link).phase() != EmployeePhase.CONNECTING) {
        throw new IllegalArgumentException(link + " brings an inventory and is not new");
      }
      owner.handleDisconnect(link, false);
    }
    if (!owner.areMine(inventory.ids())) {
      owner.send(link, new Message.Shutdown());
      return;
    }
    RuntimeEmployee employee = whoComesBack(link, inventory.ids());
    owner.attach(link, employee, inventory.ids());
    List<RuntimeTaskId> dropped = new ArrayList<>();
    Set<RuntimeAddress> underWay = underWay();
    Set<RuntimeTaskId> here = new HashSet<>(inventory.results());
    for (RuntimeTask task : inventory.held()) {
      boolean isInHand = !inventory.awaiting().contains(task.id());
      if (employee.workload().has(task.id())) {
        here.add(task.id());
        employee.updated(task.id(), isInHand ? 1 : -1);
      } else if (!owner.cancels.cover(task) && owner.goesOn(task, underWay)) {
        here.add(task.id());
        underWay.add(task.id().address());
        employee.adopt(task, isInHand, owner.costs);
      } else {
        dropped.add(task.id());
      }
    }
    owner.send(link, new Message.Attached(dropped));
    for (RuntimeTask task : inventory.held()) {
      employee.workload().newsFor(task).forEach(said -> owner.send(link, said));
    }
    employee.deliveries().forEach(slip -> owner.send(link, slip.message()));
    for (Workload.Outstanding each : employee.workload().all().reversed()) {
      if (!here.contains(each.id())) {
        employee.finished(each.id());
        owner.taskLost(each.task(), Death.NONE);
      }
    }
  }

  private RuntimeEmployee whoComesBack(LinkId link, List<IdBlock> ids) {
    RuntimeEmployee known = owner.employees.responsible(ids.getFirst().lower());
    if (known != null && (known.takesWork() || known.phase() == EmployeePhase.AWAY)) {
      return comesBack(known, link);
    }
    if (known != null) {
      owner.handleDisconnect(known.link(), false);
      supersede(known.link(), link);
    }
    RuntimeEmployee employee =
        new RuntimeEmployee(link, ids.getFirst(), true, false, owner.employeeTable());
    employee.comesFromEarlierLife();
    return employee;
  }

  private RuntimeEmployee comesBack(RuntimeEmployee known, LinkId link) {
    LinkId before = known.link();
    owner.detach(before);
    if (known.phase() != EmployeePhase.AWAY) {
      supersede(before, link);
    }
    known.signal(EmployeePhase.Signal.RETURNED);
    owner.timers.cancel(known.returned(link));
    return known;
  }

  private void supersede(LinkId before, LinkId link) {
    superseded.add(before);
    owner.emit(new Effect.CutOff(before, "its employee is at the other end of " + link, false));
  }

  /// All tasks a node that has come back wants done here. What nobody knows of is to run; what runs
  /// for it and is not among them has been cancelled meanwhile.
  void openSubmits(LinkId link, Message.OpenSubmits open) {
    if (!open.tasks().isEmpty()) {
      owner.checkSubmitter(link, open.tasks());
    }
    RuntimeEmployee employee = owner.employees.require(link);
    employee.saidOpenSubmits();
    Set<RuntimeAddress> wanted = new HashSet<>();
    open.tasks().forEach(task -> wanted.add(task.id().address()));
    Predicate<RuntimeAddress> isUnwanted =
        address ->
            owner.employees.responsible(address.workerId()) == employee
                && !wanted.contains(address);
    for (RuntimeTaskId run : runsOf(isUnwanted)) {
      owner.broadcastCancel(run.address(), run.attempt(), null);
    }
    for (RuntimeTask each : List.copyOf(owner.handedToBoss())) {
      if (isUnwanted.test(each.id().address())) {
        owner.broadcastCancel(each.id().address(), Integer.MAX_VALUE, null);
      }
    }
    Set<RuntimeAddress> known = underWay();
    owner.handedToBoss().forEach(task -> known.add(task.id().address()));
    employee.deliveries().forEach(slip -> known.add(slip.task().address()));
    List<RuntimeTask> unknown =
        open.tasks().stream().filter(task -> !known.contains(task.id().address())).toList();
    if (!unknown.isEmpty()) {
      owner.resubmitted(link, unknown);
    }
    open.tasks().forEach(task -> task.heard().forEach(owner::communicate));
  }

  /// Whether a worker's manager is here and has said which of its tasks it wants done.
  boolean knowsWishesOf(long workerId) {
    RuntimeEmployee employee = owner.employees.responsible(workerId);
    return employee != null && !employee.owesOpenSubmits();
  }

  /// The tasks of which a run waits here or is out.
  private Set<RuntimeAddress> underWay() {
    Set<RuntimeAddress> addresses = new HashSet<>();
    runsOf(_ -> true).forEach(run -> addresses.add(run.address()));
    return addresses;
  }

  /// Runs that wait here or are out, of tasks with certain addresses.
  List<RuntimeTaskId> runsOf(Predicate<RuntimeAddress> wanted) {
    List<RuntimeTaskId> runs = new ArrayList<>();
    for (RuntimeEmployee each : owner.employees) {
      for (RuntimeTaskId run : each.workload().ids()) {
        if (wanted.test(run.address())) {
          runs.add(run);
        }
      }
    }
    for (RuntimeTask task : owner.waiting().all()) {
      if (wanted.test(task.id().address())) {
        runs.add(task.id());
      }
    }
    return runs;
  }
}
