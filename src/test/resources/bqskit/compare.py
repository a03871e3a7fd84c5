"""Unpickles all files of a directory and of its folder `again`, and prints how they differ."""
import pickle
import sys
from pathlib import Path

import dill

from same import same

directory = Path(sys.argv[-1])
compared = 0
for path in sorted(directory.glob('*.[2345]')):
    load = dill.loads if path.name.startswith('dill') else pickle.loads
    try:
        first = load(path.read_bytes())
    except Exception as e:
        print(f'{path.name}: even the original is not read: {type(e).__name__}: {e}')
        continue
    try:
        second = load((directory / 'again' / path.name).read_bytes())
        found = same(first, second)
        if found is None and path.name.startswith('dill-function') and callable(first[0]):
            argument = () if first[1] is None else (first[1],)
            results = first[0](*argument), second[0](*argument)
            if 'class' not in path.name and results[0] != results[1]:
                found = f'results {results[0]} and {results[1]}'
    except Exception as e:
        found = f'{type(e).__name__}: {e}'
    compared += 1
    if found:
        print(f'{path.name}: {found}')
print('compared', compared)
