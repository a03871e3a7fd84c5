package io.quern.engine.mapping;

import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;

/// Chooses the physical qubits on which the logical ones start; routing or ApplyPlacement put the
/// circuit there.
public sealed interface PlacementPass extends Pass {

  /// Logical qubit i on the i-th qubit of the first connected part that holds the circuit; BQSKit's
  /// TrivialPlacementPass.
  record Trivial() implements PlacementPass {
    @Override
    public String name() {
      return "TrivialPlacement";
    }

    @Override
    public void run(PassData data, RuntimeHandle runtime) {
      data.machine().coupling().connectedComponents().stream()
          .filter(part -> part.size() >= data.blocks().qubits())
          .findFirst()
          .ifPresent(part -> data.setPlacement(part.subList(0, data.blocks().qubits())));
    }
  }

  /// One qubit after the other, the one with most gates to those placed before it, as near to them
  /// as is free; BQSKit's GreedyPlacementPass.
  record Greedy() implements PlacementPass {
    @Override
    public String name() {
      return "GreedyPlacement";
    }

    @Override
    public void run(PassData data, RuntimeHandle runtime) {
      data.setPlacement(MachinePart.of(data).greedy());
    }
  }

  /// A placement that needs no SWAP, if one is found; BQSKit's StaticPlacementPass, bounded by
  /// tries in place of seconds.
  ///
  /// @param budget how many placements of single qubits are tried at most
  record Static(int budget) implements PlacementPass {
    @Override
    public String name() {
      return "StaticPlacement";
    }

    @Override
    public void run(PassData data, RuntimeHandle runtime) {
      var found = MachinePart.of(data).perfect(budget, runtime);
      if (found != null) {
        data.setPlacement(found);
      }
    }
  }

  /// Routes the circuit forward and backward and places it where the cheapest of the routes begins;
  /// BQSKit's GeneralizedSabreLayoutPass.
  ///
  /// @param layoutPasses times backward and forward
  /// @param trials with different seeds, each a runtime task
  record SabreLayout(int layoutPasses, int trials) implements PlacementPass {
    @Override
    public String name() {
      return "GeneralizedSabreLayout";
    }

    @Override
    public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
      MachinePart part = MachinePart.of(data);
      data.setPlacement(part.routed(part.placed(), layoutPasses, trials, runtime).initialMapping());
    }
  }
}
