"""Fits the "QSearch thin" template to the targets of InstantiationBenchmark with BQSKit or OpenQudit, one start a run.

    python peer_instantiate.py bqskit|openqudit DIRECTORY QUBITS

One line: peer, qubits, runs, successes, mean and expected milliseconds to success. Success is D1 < 1e-8,
computed here from the unitary of the circuit found and the target.
"""
import sys, time
import numpy as np

RUNS_PER_TARGET = {2: 10, 3: 5, 4: 2, 5: 1}


def read(path):
    targets = []
    for line in open(path):
        numbers = np.array([float(x) for x in line.split()])
        d = int(round((len(numbers) / 2) ** 0.5))
        targets.append((numbers[0::2] + 1j * numbers[1::2]).reshape(d, d))
    return targets


def pairs(n):
    return [(i, i + 1) for _ in range(2) for i in range(n - 1)]


def bqskit(n, targets):
    from bqskit import Circuit
    from bqskit.ir.gates import CNOTGate, U3Gate
    from bqskit.qis import UnitaryMatrix
    circuit = Circuit(n)
    for i in range(n):
        circuit.append_gate(U3Gate(), i)
    for i, j in pairs(n):
        circuit.append_gate(CNOTGate(), (i, j))
        circuit.append_gate(U3Gate(), i)
        circuit.append_gate(U3Gate(), j)
    for target in targets:
        unitary = UnitaryMatrix(target)
        for _ in range(RUNS_PER_TARGET[n]):
            trial = circuit.copy()
            start = time.perf_counter()
            trial.instantiate(unitary, multistarts=1, method='minimization')
            yield time.perf_counter() - start, trial.get_unitary().numpy, target


def openqudit(n, targets):
    import openqudit
    from openqudit.circuit import QuditCircuit
    from openqudit.expressions import Controlled, U3Gate, XGate
    from openqudit.instantiation import DefaultInstantiater
    u3, cx = U3Gate(), Controlled(XGate())
    circuit = QuditCircuit(n)
    for i in range(n):
        circuit.append(u3, i)
    for i, j in pairs(n):
        circuit.append(cx, [i, j])
        circuit.append(u3, i)
        circuit.append(u3, j)
    instantiater = DefaultInstantiater()
    for target in targets:
        unitary = openqudit.UnitaryMatrix([2] * n, np.ascontiguousarray(target))
        for _ in range(RUNS_PER_TARGET[n]):
            start = time.perf_counter()
            result = instantiater.instantiate(circuit, unitary)
            seconds = time.perf_counter() - start
            found = np.asarray(circuit.kraus_ops(result.params)).reshape(2**n, 2**n) if result.has_params else np.zeros((2**n, 2**n))
            yield seconds, found, target


if __name__ == '__main__':
    peer, directory, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
    targets = read('%s/targets-%d.txt' % (directory, n))
    fit = {'bqskit': bqskit, 'openqudit': openqudit}[peer]
    runs, seconds, successes = -1, 0, 0
    for took, found, target in fit(n, targets):
        runs += 1
        if runs > 0:  # the first also pays for what is done once
            seconds += took
            successes += 1 - abs(np.vdot(target, found)) / 2**n < 1e-8
    mean = seconds / runs * 1e3
    print('%s,%d,%d,%d,%.4f,%.4f' % (peer, n, runs, successes, mean, mean * runs / max(1, successes)), flush=True)
