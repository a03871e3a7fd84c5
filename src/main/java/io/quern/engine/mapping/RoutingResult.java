package io.quern.engine.mapping;

import java.util.Arrays;

/// The order in which a router carries out steps and SWAPs.
///
/// @see RoutedBlocks
final class RoutingResult {
  private final Layout initialLayout;
  private final Layout finalLayout;
  private final int[] actions;
  private final int cost;

  /// @param actions see [#action]; taken over, not copied
  RoutingResult(Layout initialLayout, Layout finalLayout, int[] actions, int cost) {
    this.initialLayout = initialLayout;
    this.finalLayout = finalLayout;
    this.actions = actions;
    this.cost = cost;
  }

  /// A fresh copy.
  Layout initialLayout() {
    return initialLayout.copy();
  }

  /// A fresh copy.
  Layout finalLayout() {
    return finalLayout.copy();
  }

  /// How many steps and SWAPs there are.
  int length() {
    return actions.length;
  }

  /// The node to carry out, or -1 - e for a SWAP on edge number e of the problem.
  int action(int index) {
    return actions[index];
  }

  /// CX gates of blocks and SWAPs as the router counted them, SWAPs merged into the blocks beside
  /// them; what resynthesis finds may be less.
  int cost() {
    return cost;
  }

  /// The result for the problem with time reversed ([RoutingProblem#reversed]).
  ///
  /// @param nodes how many nodes the problem has
  RoutingResult reversed(int nodes) {
    int[] backwards = new int[actions.length];
    for (int i = 0; i < actions.length; i++) {
      int action = actions[actions.length - 1 - i];
      backwards[i] = action < 0 ? action : nodes - 1 - action;
    }
    return new RoutingResult(finalLayout, initialLayout, backwards, cost);
  }

  @Override
  public String toString() {
    return initialLayout + " " + Arrays.toString(actions) + " " + finalLayout + ", cost " + cost;
  }
}
