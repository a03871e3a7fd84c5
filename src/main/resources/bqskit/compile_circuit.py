"""Compiles one circuit with BQSKit's own workflows, within a running BQSKit runtime.

Quern sends this text to a worker as an argument and runs `compile_circuit` there, so nothing has to
be installed beside BQSKit. It awaits the passes itself: `bqskit.compile` would start a second
runtime. What goes in and what comes out are strings, numbers and lists only.
"""


async def compile_circuit(
    qasm, definitions, qubits, edges, gates, level, synthesis_epsilon, seed,
):
    """Return [version, qasm, initial mapping, final mapping, error]."""
    import bqskit
    from bqskit.compiler.compile import build_workflow
    from bqskit.compiler.machine import MachineModel
    from bqskit.compiler.passdata import PassData
    from bqskit.ir.gates import BarrierPlaceholder
    from bqskit.ir.gates import MeasurementPlaceholder
    from bqskit.ir.gates import U1Gate
    from bqskit.ir.gates import U1qGate
    from bqskit.ir.lang.qasm2 import OPENQASM2Language
    from bqskit.ir.lang.qasm2.visitor import OPENQASMVisitor

    circuit = OPENQASM2Language().decode(qasm)

    known = OPENQASMVisitor()
    known.fill_gate_defs()
    gate_of = {name: definition.gate for name, definition in known.gate_defs.items()}
    # BQSKit has no p and no r of its own: these are the same but for the names.
    gate_of.update({'p': U1Gate(), 'r': U1qGate()})
    name_of = {gate_of[name]: name for name in reversed(gates)}

    model = MachineModel(qubits, [tuple(edge) for edge in edges], set(name_of))
    widest = max(
        (
            gate.num_qudits
            for gate in [*circuit.gate_set, *name_of]
            if not isinstance(gate, (BarrierPlaceholder, MeasurementPlaceholder))
        ),
        default=1,
    )
    workflow = build_workflow(
        circuit, model, level, synthesis_epsilon, max(3, widest), seed=seed,
    )
    data = PassData(circuit)
    await workflow.run(circuit, data)

    lines = ['OPENQASM 2.0;', 'include "qelib1.inc";', *definitions]
    lines.append(f'qreg q[{circuit.num_qudits}];')
    registers = {}
    body = []
    for op in circuit:
        if isinstance(op.gate, MeasurementPlaceholder):
            registers.update(op.gate.classical_regs)
            for qudit, (name, index) in op.gate.measurements.items():
                body.append(f'measure q[{qudit}] -> {name}[{index}];')
            continue
        name = name_of.get(op.gate) or op.gate.qasm_name
        numbers = ','.join(repr(float(number)) for number in op.params)
        places = ','.join(f'q[{qudit}]' for qudit in op.location)
        body.append(f'{name}({numbers}) {places};' if numbers else f'{name} {places};')
    lines += [f'creg {name}[{size}];' for name, size in registers.items()]
    return [
        bqskit.__version__,
        '\n'.join(lines + body) + '\n',
        [int(qudit) for qudit in data.initial_mapping],
        [int(qudit) for qudit in data.final_mapping],
        float(data.error),
    ]
