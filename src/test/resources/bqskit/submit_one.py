"""Compiles one circuit, prints the id of its task and writes the circuits' QASM beside.

Arguments: the server's port and a directory.
"""
import pickle
import sys
from pathlib import Path

from bqskit import Circuit
from bqskit.compiler import Compiler
from bqskit.ir.gates import CNOTGate
from bqskit.ir.gates import HGate
from bqskit.ir.gates import VariableUnitaryGate
from bqskit.passes import QuickPartitioner
from bqskit.passes import UnfoldPass

circuit = Circuit(3)
circuit.append_gate(HGate(), 0)
circuit.append_gate(CNOTGate(), (0, 1))
circuit.append_gate(CNOTGate(), (1, 2))
directory = Path(sys.argv[2])
with Compiler('localhost', int(sys.argv[1])) as compiler:
    task = compiler.submit(circuit, [QuickPartitioner(2)], request_data=True, logging_level=10)
    result, data = compiler.result(task)
    unreadable = Circuit(1)
    unreadable.append_gate(VariableUnitaryGate(1), 0, [0.5] * 8)
    other = compiler.submit(unreadable, [UnfoldPass()])
    compiler.result(other)
(directory / 'result.pickle').write_bytes(pickle.dumps(result))
print(task, other)
