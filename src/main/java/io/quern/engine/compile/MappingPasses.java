package io.quern.engine.compile;

import io.quern.engine.compile.PassDescription.Need;
import io.quern.engine.compile.PassEntry.Effect;
import io.quern.engine.mapping.PlacedRouting;
import io.quern.engine.mapping.PlacementPass;
import io.quern.engine.pass.ApplyPlacement;
import io.quern.engine.pass.MappingVerification;
import java.util.List;

/// Passes that put the circuit onto the machine's qubits; all stand in the outermost workflow.
final class MappingPasses {
  private static final String SABRE =
      "Li, Ding, Xie, doi 10.1145/3297858.3304023; Zou et al., arXiv:2409.08368";

  private static final PassParameter TRIALS =
      PassParameter.integer("trials", 4, "1 to 1000 with different seeds, each a runtime task");

  private MappingPasses() {}

  static List<PassEntry> all() {
    return List.of(
        PassEntry.named("SabreRouting")
            .does("Finds a layout and a routing by many seeded trials of SABRE and by beam search.")
            .from(SABRE)
            .needs(Need.UNMAPPED)
            .effect(Effect.MAPS)
            .makes(_ -> new SabreRouting()),
        PassEntry.named("TrivialPlacement")
            .does("Places logical qubit i on the i-th qubit of a connected part of the machine.")
            .from("BQSKit's TrivialPlacementPass, doi 10.11578/dc.20210603.2")
            .needs(Need.UNMAPPED)
            .effect(Effect.KEEPS)
            .makes(_ -> new PlacementPass.Trivial()),
        PassEntry.named("GreedyPlacement")
            .does("Places each logical qubit near those it shares gates with.")
            .from("BQSKit's GreedyPlacementPass, doi 10.11578/dc.20210603.2")
            .needs(Need.UNMAPPED)
            .effect(Effect.KEEPS)
            .makes(_ -> new PlacementPass.Greedy()),
        PassEntry.named("StaticPlacement")
            .does(
                "Places the circuit so that no SWAP is needed, if that can be; else it stays where"
                    + " it is.")
            .from("BQSKit's StaticPlacementPass; VF2, Cordella et al., doi 10.1109/TPAMI.2004.75")
            .with(PassParameter.integer("budget", 20_000, "1 to 10000000 placements of a qubit"))
            .needs(Need.UNMAPPED)
            .effect(Effect.KEEPS)
            .makes(in -> new PlacementPass.Static(in.integer("budget", 1, 10_000_000))),
        PassEntry.named("GeneralizedSabreLayout", "SabreLayout")
            .does("Improves a placement by routing forward and backward.")
            .from(SABRE)
            .with(PassParameter.integer("layout_passes", 3, "1 to 100 times backward and forward"))
            .with(TRIALS)
            .needs(Need.UNMAPPED)
            .effect(Effect.KEEPS)
            .makes(
                in ->
                    new PlacementPass.SabreLayout(
                        in.integer("layout_passes", 1, 100), in.integer("trials", 1, 1000))),
        PassEntry.named("GeneralizedSabreRouting")
            .does("Routes the circuit from its placement and puts it onto the machine's qubits.")
            .from(SABRE)
            .with(TRIALS)
            .needs(Need.UNMAPPED)
            .effect(Effect.MAPS)
            .makes(in -> new PlacedRouting(in.integer("trials", 1, 1000))),
        PassEntry.named("ApplyPlacement")
            .does(
                "Puts the circuit onto the qubits it was placed on; fails where that needs SWAPs.")
            .from("BQSKit's ApplyPlacement, doi 10.11578/dc.20210603.2")
            .effect(Effect.MAPS)
            .makes(_ -> new ApplyPlacement()),
        PassEntry.named("MappingVerification")
            .does(
                "Fails unless each two-qubit gate is on coupled qubits and the mappings are one to"
                    + " one.")
            .from("Quern")
            .needs(Need.MAPPED)
            .effect(Effect.KEEPS)
            .makes(_ -> new MappingVerification()));
  }
}
