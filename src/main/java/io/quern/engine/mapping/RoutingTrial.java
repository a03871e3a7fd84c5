package io.quern.engine.mapping;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.partition.BlockCircuit;
import java.util.List;

/// One piece of the search for a mapping; everything it depends on.
///
/// @param circuit no gate wider than two qubits, guarded ones included
/// @param gates tells what a block costs
/// @param coupling connected
/// @param index of the first trial in the order that breaks ties
public record RoutingTrial(
    BlockCircuit circuit, GateSet gates, CouplingGraph coupling, int index, Search search) {

  /// How to search.
  public sealed interface Search {}

  /// Routing from a layout that needs no SWAP, if one is found.
  ///
  /// @param budget how many placements of single qubits may be tried
  public record PerfectLayout(int budget) implements Search {}

  /// SABRE from a layout for each seed, refined by routing forward and backward.
  public record Sabre(List<Long> seeds) implements Search {
    public Sabre {
      seeds = List.copyOf(seeds);
    }
  }

  /// SABRE from one layout, once for each seed.
  ///
  /// @param placed circuit qubit -> physical qubit
  /// @param refinements how often the layout is improved by routing backward and forward; 0 keeps
  ///   it
  public record FromLayout(List<Integer> placed, int refinements, List<Long> seeds)
      implements Search {
    public FromLayout {
      placed = List.copyOf(placed);
      seeds = List.copyOf(seeds);
    }
  }

  /// Beam search.
  ///
  /// @param isBackward whether the circuit is routed from its end
  /// @param hopCost CX gates a hop of the next node is taken for
  /// @param fading by which factor that falls from one node to the next
  /// @param lookahead how many nodes are looked at
  /// @param width how many states are kept
  /// @param seed of the layouts it starts from where there are too many to start from all
  public record Beam(
      boolean isBackward, double hopCost, double fading, int lookahead, int width, long seed)
      implements Search {}
}
