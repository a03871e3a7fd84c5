"""Says of pairs of OpenQASM 2 files whether they do the same, by MQT QCEC.

Arguments: a directory with a0.qasm, b0.qasm, a1.qasm, ..., and seconds for each pair.
Prints a line "index verdict" for each pair.
"""
import pathlib
import sys

from mqt import qcec

directory = pathlib.Path(sys.argv[1])
seconds = float(pathlib.Path(sys.argv[2]).name)
index = 0
while (directory / f"a{index}.qasm").exists():
    result = qcec.verify(
        str(directory / f"a{index}.qasm"),
        str(directory / f"b{index}.qasm"),
        timeout=seconds,
        seed=index + 1,
    )
    print(index, str(result.equivalence).split(".")[-1], flush=True)
    index += 1
