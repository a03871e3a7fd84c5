"""Reads OpenQASM 2 files as other programs do and prints what they understood, one JSON object a line.

    python read_back.py FILE.qasm ...

Each file is read by Qiskit in strict mode, by Qiskit with its legacy gate set, and by BQSKit. An object has `file`, `reader`
and one of `error`, `unitary` (row-major, real and imaginary parts taking turns, qubit 0 the most significant bit) or, for
circuits with measurements, resets or conditions, `operations` (`[]` from BQSKit, which keeps none of these faithfully).
"""
import json
import sys

import numpy
from bqskit import Circuit
from qiskit import qasm2
from qiskit.circuit import IfElseOp
from qiskit.quantum_info import Operator


def understood_by_qiskit(circuit):
    if all(item.operation.name in ('barrier',) or not item.clbits and item.operation.name != 'reset'
           and not isinstance(item.operation, IfElseOp) for item in circuit.data):
        return {'qubits': circuit.num_qubits, 'unitary': flat(Operator(circuit.reverse_bits()).data)}
    return {'qubits': circuit.num_qubits, 'operations': list(operations(circuit, circuit, range(circuit.num_qubits), None))}


def operations(circuit, outer, qubits, condition):
    for item in circuit.data:
        where = [qubits[circuit.find_bit(qubit).index] for qubit in item.qubits]
        if isinstance(item.operation, IfElseOp):
            register, value = item.operation.condition
            yield from operations(item.operation.blocks[0], outer, where, [register.name, int(value)])
        else:
            yield {
                'name': item.operation.name,
                'parameters': [float(parameter) for parameter in item.operation.params],
                'qubits': where,
                'bits': [[register.name, index] for bit in item.clbits for register, index in outer.find_bit(bit).registers],
                'condition': condition,
            }


def understood_by_bqskit(text, path):
    circuit = Circuit.from_file(path)
    if any(word in text for word in ('\nmeasure ', '\nreset ', '\nif')):
        return {'qubits': circuit.num_qudits, 'operations': []}
    return {'qubits': circuit.num_qudits, 'unitary': flat(circuit.get_unitary().numpy)}


def flat(matrix):
    return numpy.ascontiguousarray(matrix, dtype=complex).view(float).ravel().tolist()


READERS = {
    'qiskit-strict': lambda text, path: understood_by_qiskit(qasm2.loads(text, strict=True)),
    'qiskit-legacy': lambda text, path: understood_by_qiskit(
        qasm2.loads(text, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)),
    'bqskit': understood_by_bqskit,
}

for path in sys.argv[1:]:
    with open(path, encoding='utf-8') as file:
        text = file.read()
    for reader, read in READERS.items():
        answer = {'file': path, 'reader': reader}
        try:
            answer.update(read(text, path))
        except Exception as error:  # whatever a reader throws is what the caller wants to know
            answer['error'] = f'{type(error).__name__}: {error}'
        print(json.dumps(answer))
