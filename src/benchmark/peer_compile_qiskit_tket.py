"""Qiskit (optimization_level=3) and tket (FullPeepholeOptimise, mapped where asked) on the same circuits; CSV on standard output.

    python3 -m venv .peers && .peers/bin/pip install qiskit==2.6.2 pytket
    .peers/bin/python peer_compile_qiskit_tket.py all|line|COUPLINGS qiskit,tket circuits/*.qasm

Columns: circuit, qubits, topology, peer, CX in, CX out, operations, depth, seconds, processor
seconds of all threads. Gate set CX + U3, seed 7. COUPLINGS is a file with two qubits a line.
"""
import csv, os, sys, time

topology, peers, rows = sys.argv[1], sys.argv[2].split(','), csv.writer(sys.stdout)
name_of_topology = 'heavy' if os.path.exists(topology) else topology


def edges(n):
    if topology == 'all':
        return None
    if topology == 'line':
        return [(i, i + 1) for i in range(n - 1)]
    return [tuple(map(int, line.split())) for line in open(topology)]


def with_qiskit(path):
    from qiskit import qasm2, transpile
    from qiskit.transpiler import CouplingMap
    circuit = qasm2.load(path, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    couplings = edges(circuit.num_qubits)
    coupling_map = CouplingMap([list(pair) for edge in couplings for pair in (edge, edge[::-1])]) if couplings else None
    start = time.perf_counter()
    out = transpile(circuit, coupling_map=coupling_map, basis_gates=['u3', 'cx'], optimization_level=3, seed_transpiler=7)
    seconds = time.perf_counter() - start
    return circuit.num_qubits, 'qiskit-O3', circuit.num_nonlocal_gates(), out.count_ops().get('cx', 0), out.size(), out.depth(), seconds


def with_tket(path):
    from pytket import OpType
    from pytket.architecture import Architecture
    from pytket.passes import AutoRebase, CliffordSimp, DecomposeBoxes, DefaultMappingPass, FullPeepholeOptimise, SynthesiseTket
    from pytket.qasm import circuit_from_qasm
    circuit = circuit_from_qasm(path)
    n, before = circuit.n_qubits, circuit.n_2qb_gates()
    start = time.perf_counter()
    FullPeepholeOptimise(allow_swaps=False).apply(circuit)
    if topology != 'all':
        DefaultMappingPass(Architecture(edges(n))).apply(circuit)
        DecomposeBoxes().apply(circuit)
        AutoRebase({OpType.CX, OpType.U3}).apply(circuit)
        CliffordSimp(allow_swaps=False).apply(circuit)
        SynthesiseTket().apply(circuit)
    AutoRebase({OpType.CX, OpType.U3}).apply(circuit)
    seconds = time.perf_counter() - start
    return n, 'tket', before, circuit.n_gates_of_type(OpType.CX), circuit.n_gates, circuit.depth(), seconds


for path in sys.argv[3:]:
    for peer in peers:
        processor = time.process_time()
        n, name, before, cx, operations, depth, seconds = {'qiskit': with_qiskit, 'tket': with_tket}[peer](path)
        rows.writerow([os.path.basename(path)[:-5], n, name_of_topology, name, before, cx, operations, depth, '%.4f' % seconds, '%.4f' % (time.process_time() - processor)])
        sys.stdout.flush()
