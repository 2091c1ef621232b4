"""Calculates expressions, with limits on what they may cost.

The text is parsed into Python's syntax tree and only the nodes of arithmetic are computed;
nothing is ever evaluated or looked up. Whole numbers stay exact up to `MAX_BITS`.
"""

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from desktop_chat.core.ports import ToolSpec
from desktop_chat.domain.errors import ToolError

MAX_CHARACTERS = 1_000
MAX_BITS = 4_096
"""Of a whole number; about 1,230 digits. Keeps every single step below a millisecond."""
MAX_DEPTH = 100
MAX_FACTORIAL = 450
"""450! has about 3,300 bits."""
MAX_ROUND_DIGITS = 300

Number = int | float


def _factorial(value: Number) -> Number:
    if not isinstance(value, int) or value < 0:
        raise ToolError("factorial needs a whole number that is not negative.")
    if value > MAX_FACTORIAL:
        raise ToolError(f"factorial is limited to {MAX_FACTORIAL}.")
    return math.factorial(value)


def _whole(function: Callable[..., int]) -> Callable[..., Number]:
    def checked(*values: Number) -> Number:
        if not all(isinstance(value, int) for value in values):
            raise ToolError(f"{function.__name__} needs whole numbers.")
        return function(*values)

    return checked


def _root(value: Number) -> Number:
    if isinstance(value, int) and value >= 0 and math.isqrt(value) ** 2 == value:
        return math.isqrt(value)
    return math.sqrt(value)


def _rounded(value: Number, digits: Number = 0) -> Number:
    if not isinstance(digits, int) or abs(digits) > MAX_ROUND_DIGITS:
        raise ToolError(f"round takes at most {MAX_ROUND_DIGITS} digits.")
    return round(value, digits) if digits else round(value)


FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    "sqrt": _root,
    "cbrt": math.cbrt,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "degrees": math.degrees,
    "radians": math.radians,
    "hypot": math.hypot,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": _rounded,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "factorial": _factorial,
    "gcd": _whole(math.gcd),
    "lcm": _whole(math.lcm),
}

CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e, "tau": math.tau}

_OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


class Calculator:
    """Arithmetic, powers, roots, logarithms and trigonometry."""

    spec = ToolSpec(
        name="calculator",
        description=(
            "Calculate an expression exactly. Knows + - * / // % ** and ^ (power), parentheses, "
            f"the constants {', '.join(CONSTANTS)}, and the functions {', '.join(FUNCTIONS)}. Angles are in radians."
        ),
        parameters={
            "type": "object",
            "properties": {"expression": {"type": "string", "description": "For example: (3 + 4.5) * sqrt(2)"}},
            "required": ["expression"],
            "additionalProperties": False,
        },
    )
    is_harmless = True

    def summary(self, arguments: Mapping[str, Any]) -> str:
        """One sentence for the person who decides."""
        expression = " ".join(str(arguments["expression"]).split())
        return f"Calculates {expression if len(expression) <= 80 else expression[:79] + '…'}."

    async def run(self, arguments: Mapping[str, Any]) -> str:
        """The result as a number in decimal."""
        return calculate(arguments["expression"])


def calculate(expression: str) -> str:
    """Work an expression out.

    Raises:
        ToolError: It is no arithmetic, has no result, or would cost too much.
    """
    if len(expression) > MAX_CHARACTERS:
        raise ToolError(f"The expression is longer than {MAX_CHARACTERS} characters.")
    try:
        with warnings.catch_warnings():
            # Python's advice on odd spelling is for programmers.
            warnings.simplefilter("ignore")
            tree = ast.parse(_as_python(expression), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ToolError(f"This is not an expression: {expression[:200]!r}.") from error
    try:
        return _shown(_value(tree.body, MAX_DEPTH))
    except ZeroDivisionError as error:
        raise ToolError("Division by zero.") from error
    except RecursionError as error:
        raise ToolError("The expression is nested too deeply.") from error
    except OverflowError as error:
        raise ToolError("The result is too large.") from error
    except (ValueError, TypeError) as error:
        raise ToolError(f"This has no result: {error}.") from error


def _as_python(expression: str) -> str:
    for theirs, ours in (("^", "**"), ("−", "-"), ("×", "*"), ("·", "*"), ("÷", "/")):
        expression = expression.replace(theirs, ours)
    return expression.strip()


def _value(node: ast.expr, depth: int) -> Number:
    if depth == 0:
        raise ToolError(f"The expression is nested deeper than {MAX_DEPTH} levels.")
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _checked(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, depth - 1)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, depth - 1)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, depth - 1), _value(right, depth - 1))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _checked(_OPERATIONS[type(op)](_value(left, depth - 1), _value(right, depth - 1)))
        case ast.Name(id=name) if name in CONSTANTS:
            return CONSTANTS[name]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return _checked(FUNCTIONS[name](*(_value(arg, depth - 1) for arg in args)))
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
            raise ToolError(f"{name!r} is not known here.")
        case _:
            raise ToolError(f"Only arithmetic is understood, not {ast.unparse(node)[:100]!r}.")


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, int) and isinstance(exponent, int):
        # Estimated before it is computed: the computing itself is what would cost.
        if abs(exponent) * max(base.bit_length(), 1) > MAX_BITS and abs(base) > 1:
            raise ToolError("The power is too large.")
        return _checked(base**exponent)
    result = base**exponent
    if isinstance(result, complex):
        raise ToolError("The result is not a real number.")
    return _checked(result)


def _checked(number: Number) -> Number:
    if isinstance(number, complex) or (isinstance(number, float) and not math.isfinite(number)):
        raise ToolError("The result is not a finite number.")
    if isinstance(number, int) and number.bit_length() > MAX_BITS:
        raise ToolError("The number is too large.")
    return number


def _shown(number: Number) -> str:
    if isinstance(number, float):
        # 15 digits hide that 0.1 + 0.2 is not 0.3 in binary; more would be noise.
        return f"{number:.15g}"
    return str(number)
