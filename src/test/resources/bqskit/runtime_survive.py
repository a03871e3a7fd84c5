"""Submits tasks that a later process fetches: the server is killed in between.

Arguments: the server's port, the directory of runtime_passes.py, `submit` or the file of ids that
`submit` wrote to its standard output.
"""
import os
import sys
import uuid

sys.path.append(sys.argv[2])

from bqskit import Circuit
from bqskit.compiler import Compiler

import runtime_passes as passes

compiler = Compiler('localhost', int(sys.argv[1]))
if sys.argv[3] == 'submit':
    for number in range(20):
        workflow = [passes.Busy(5 + number % 7, 3)]
        print(compiler.submit(Circuit(2), workflow, request_data=True), number, flush=True)
    # All of them are read by the server: a status is answered after what was said before it.
    compiler.status(uuid.uuid4())
    print('submitted', flush=True)
    # Without DISCONNECT, which would cancel them.
    os._exit(0)
with open(sys.argv[3]) as file:
    lines = [line.split() for line in file if ' ' in line]
for task, number in lines:
    _, data = compiler.result(uuid.UUID(task))
    outer = 5 + int(number) % 7
    assert data['busy'] == 3 * sum(range(outer)), data['busy']
print(len(lines), flush=True)
compiler.close()
