"""Things to be pickled, in a module of their own so that they can be found again."""
import enum
import math
from typing import NamedTuple


class Node:
    def __init__(self, name):
        self.name = name

    def method(self):
        return self.name


class Slots:
    __slots__ = ('a', 'b')

    def __init__(self, a, b):
        self.a = a
        self.b = b


class Color(enum.Enum):
    RED = 'red'


class Flag(enum.Flag):
    A = 1
    B = 2


class Subclass(list):
    def __init__(self, items, more):
        super().__init__(items)
        self.more = more


class SubDict(dict):
    def __init__(self, items, more):
        super().__init__(items)
        self.more = more


class WithNew:
    def __new__(cls, a, *, key):
        made = super().__new__(cls)
        made.a = a
        made.key = key
        return made

    def __getnewargs_ex__(self):
        return (self.a,), {'key': self.key}


class Point(NamedTuple):
    x: int
    y: int


class Stateful:
    def __init__(self, secret):
        self.secret = secret

    def __getstate__(self):
        return [self.secret]

    def __setstate__(self, state):
        self.secret = state[0]


class Outer:
    class Inner:
        pass


def double(x):
    return 2 * x


def functions():
    """Functions and classes that only dill can pickle: by value."""
    offset = 10
    space = {'__name__': 'made', '__builtins__': __builtins__, 'math': math, 'offset': offset}
    exec(
        'def even(n):\n'
        '    return True if n == 0 else odd(n - 1)\n'
        'def odd(n):\n'
        '    return False if n == 0 else even(n - 1)\n'
        'def root(n):\n'
        '    return math.sqrt(n) + offset\n'
        'class Made:\n'
        '    def __init__(self, n):\n'
        '        self.n = n\n'
        '    def up(self):\n'
        '        return type(self)(self.n + 1)\n',
        space,
    )

    def closure(n):
        return n + offset

    def recursive(n):
        return 1 if n == 0 else n * recursive(n - 1)

    def counter():
        counter.calls = getattr(counter, 'calls', 0) + 1
        return counter.calls

    return {
        'function-lambda': [lambda x: x + 1, 9],
        'function-closure': [closure, 4],
        'function-recursive': [recursive, 5],
        'function-even': [space['even'], 10],
        'function-root': [space['root'], 16],
        'function-both': [[space['even'], space['odd']], None],
        'function-class': [space['Made'], 3],
        'function-instance': [[space['Made'](1), space['Made'](2)], None],
        'function-state': [counter, None],
    }
