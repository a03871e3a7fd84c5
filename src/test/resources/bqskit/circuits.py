"""Writes pickled circuits into a directory, or checks the QASM that Quern made of them.

Arguments: `write` or `check`, then the directory.
"""
import pickle
import sys
from pathlib import Path

import numpy as np
from bqskit import Circuit
from bqskit.compiler.passdata import PassData
from bqskit.compiler.task import CompilationTask
from bqskit.ir import gates as g
from bqskit.ir.lang.qasm2 import OPENQASM2Language
from bqskit.passes import UnfoldPass
from bqskit.qis.unitary.unitarymatrix import UnitaryMatrix

directory = Path(sys.argv[-1])
CLASSES = [
    'B', 'CCX', 'CH', 'CS', 'CT', 'CX', 'CY', 'CZ', 'ECR', 'H', 'ISwap', 'RCCX', 'RC3X', 'S', 'Sdg',
    'SqrtCNOT', 'SqrtISwap', 'SqrtT', 'Swap', 'SX', 'T', 'Tdg', 'X', 'XX', 'Y', 'YY', 'Z', 'ZZ', 'CP',
    'CRX', 'CRY', 'CRZ', 'CU', 'RX', 'RXX', 'RY', 'RYY', 'RZ', 'RZZ', 'U1', 'U1q', 'U2', 'U3',
]
ALL = [getattr(g, name + 'Gate')() for name in CLASSES] + [
    g.IdentityGate(1), g.IdentityGate(2), g.U1qPiGate, g.U1qPi2Gate,
    g.ControlledGate(g.U1Gate()), g.ControlledGate(g.U3Gate()), g.ControlledGate(g.SwapGate()),
    g.ControlledGate(g.XGate(), 3), g.ControlledGate(g.XGate(), 4), g.ControlledGate(g.SXGate(), 3),
    g.ControlledGate(g.HGate()), g.DaggerGate(g.SXGate()), g.DaggerGate(g.SGate()),
    g.DaggerGate(g.XGate()), g.DaggerGate(g.RZZGate()), g.DaggerGate(g.CSGate()),
    g.DaggerGate(g.XXGate()), g.TaggedGate(g.RXGate(), 'tag'),
    g.FrozenParameterGate(g.U3Gate(), {1: 0.7}),
]
UNKNOWN = [
    g.ConstantUnitaryGate(UnitaryMatrix.random(1)), g.VariableUnitaryGate(1), g.DiagonalGate(2),
    g.ControlledGate(g.TGate(), 2), g.ControlledGate(g.XGate(), control_levels=0), g.PauliGate(2),
]


def build():
    generator = np.random.default_rng(7)
    made = {}
    for i, gate in enumerate(ALL):
        circuit = Circuit(5)
        place = [int(q) for q in generator.permutation(5)[:gate.num_qudits]]
        circuit.append_gate(gate, place, list(generator.uniform(-3, 3, gate.num_params)))
        made[f'gate{i}'] = circuit
    for i in range(5):
        circuit = Circuit(4)
        for _ in range(30):
            gate = ALL[generator.integers(len(ALL))]
            if gate.num_qudits <= 4:
                place = [int(q) for q in generator.permutation(4)[:gate.num_qudits]]
                circuit.append_gate(gate, place, generator.uniform(-3, 3, gate.num_params))
        made[f'random{i}'] = circuit
        outer = Circuit(5)
        outer.append_gate(g.HGate(), 4)
        outer.append_circuit(circuit, [3, 0, 4, 1], as_circuit_gate=True)
        again = Circuit(5)
        again.append_gate(g.RXGate(), 2, [0.3])
        again.append_circuit(outer, [4, 3, 2, 1, 0], as_circuit_gate=True)
        made[f'nested{i}'] = again
    return made


if sys.argv[1] == 'write':
    for name, circuit in build().items():
        (directory / f'{name}.circuit').write_bytes(pickle.dumps(circuit))
    first = build()['nested0']
    (directory / 'task.circuit').write_bytes(pickle.dumps(CompilationTask(first, [UnfoldPass()])))
    (directory / 'pair.circuit').write_bytes(pickle.dumps((first, PassData(first))))
    for i, gate in enumerate(UNKNOWN):
        circuit = Circuit(gate.num_qudits)
        circuit.append_gate(gate, list(range(gate.num_qudits)), [0.5] * gate.num_params)
        (directory / f'unknown{i}.circuit').write_bytes(pickle.dumps(circuit))
    (directory / 'unknown-qutrit.circuit').write_bytes(pickle.dumps(Circuit(1, [3])))
    (directory / 'unknown-none.circuit').write_bytes(pickle.dumps([1, 2]))
    source = ('OPENQASM 2.0;include "qelib1.inc";qreg q[3];creg a[2];creg b[1];h q[2];'
              'barrier q[0],q[2];reset q[1];measure q[2]->a[1];measure q[0]->b[0];')
    (directory / 'measured.circuit').write_bytes(pickle.dumps(OPENQASM2Language().decode(source)))
else:
    made = build()
    made['task'] = made['pair'] = made['nested0']
    for name, circuit in made.items():
        path = directory / f'{name}.qasm'
        read = OPENQASM2Language().decode(path.read_text())
        distance = circuit.get_unitary().get_distance_from(read.get_unitary(), 1)
        if not distance < 1e-10:
            print(f'{name}: distance {distance}')
    print(f'{len(made)} circuits')
