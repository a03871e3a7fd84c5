"""Whether two Python values are the same, with what is shared in them and how they go in circles."""
import enum
import types

import numpy as np
from bqskit import Circuit


def same(a, b, seen=None):
    """An explanation of the first difference, or None."""
    seen = {} if seen is None else seen
    if isinstance(a, (type(None), bool, int, float, complex, str, bytes, type(Ellipsis),
                      type(NotImplemented), range, slice)):
        return None if type(a) is type(b) and (a == b or a != a) and repr(a) == repr(b) \
            else f'{a!r:.99} is not {b!r:.99}'
    if id(a) in seen:
        return None if seen[id(a)][0] is b else f'{type(a)} is shared otherwise'
    seen[id(a)] = (b, a)
    if type(a) is not type(b) and not (isinstance(a, type) or type(a).__module__ in ('made',)):
        return f'{type(a)} is not {type(b)}'
    if isinstance(a, np.ndarray):
        return None if a.dtype == b.dtype and np.array_equal(a, b) else 'arrays differ'
    if isinstance(a, enum.Enum):
        return None if a == b else f'{a} is not {b}'
    if isinstance(a, Circuit):
        return None if a == b and all(p == q for p, q in zip(a.params, b.params)) \
            else 'circuits differ'
    if isinstance(a, types.FunctionType):
        if a is b:
            return None
        if a.__code__ != b.__code__ or a.__name__ != b.__name__:
            return f'{a} is not {b}'
        cells = [c.cell_contents for c in a.__closure__ or ()]
        others = [c.cell_contents for c in b.__closure__ or ()]
        used = a.__code__.co_names
        return (
            same(cells, others, seen)
            or same(a.__dict__, b.__dict__, seen)
            or same({k: a.__globals__[k] for k in used if k in a.__globals__},
                    {k: b.__globals__[k] for k in used if k in b.__globals__}, seen)
        )
    if isinstance(a, type):
        if a is b:
            return None
        return None if a.__name__ == b.__name__ and set(vars(a)) == set(vars(b)) else f'{a}, {b}'
    if isinstance(a, (types.BuiltinFunctionType, types.MethodType, types.ModuleType)):
        return None if a == b or a is b else f'{a} is not {b}'
    if isinstance(a, (set, frozenset)):
        if len(a) != len(b):
            return 'sets differ in size'
        if all(isinstance(x, (int, str, tuple)) for x in a):
            return None if a == b else f'{a!r:.99} is not {b!r:.99}'
        pairs = zip(sorted(a, key=lambda x: repr(type(x))), sorted(b, key=lambda x: repr(type(x))))
        return next((d for d in (same(x, y, seen) for x, y in pairs) if d), None)
    if isinstance(a, dict):
        if len(a) != len(b):
            return 'dicts differ in size'
        items = zip(a.items(), b.items())
        found = next((d for (k, v), (l, w) in items for d in (same(k, l, seen), same(v, w, seen))
                      if d), None)
        if found:
            return found
    elif isinstance(a, (list, tuple)) or type(a).__name__ == 'deque':
        if len(a) != len(b):
            return f'lengths {len(a)} and {len(b)}'
        found = next((d for d in (same(x, y, seen) for x, y in zip(a, b)) if d), None)
        if found:
            return found
    elif type(a).__reduce__ is not object.__reduce__ and not hasattr(a, '__dict__'):
        return None if a == b else f'{a!r:.99} is not {b!r:.99}'
    attributes = getattr(a, '__dict__', None)
    if attributes is not None:
        return same(attributes, b.__dict__, seen)
    for slot in getattr(type(a), '__slots__', ()):
        found = same(getattr(a, slot, None), getattr(b, slot, None), seen)
        if found:
            return found
    return None
