"""Functions and modules stay small enough to be read whole."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(file for name in ("services", "shared") for file in (ROOT / name).rglob("*.py"))
STATEMENTS_MAX = 50
LINES_MAX = 350


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", MODULES, ids=_name)
def test_a_function_has_at_most_50_statements(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    too_long = {
        one.name: _statements(one) for one in functions if _statements(one) > STATEMENTS_MAX
    }

    assert not too_long


@pytest.mark.parametrize("file", MODULES, ids=_name)
def test_a_module_has_at_most_350_lines(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= LINES_MAX


def test_a_docstring_is_no_statement() -> None:
    (function,) = ast.parse('def f():\n    """Say."""\n    if x:\n        return 1\n').body

    assert isinstance(function, ast.FunctionDef)
    assert _statements(function) == 2


def _statements(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Statements inside a function, those of nested blocks too, docstrings left out."""
    inside = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
    said = [node for node in inside if _is_text(node)]
    return len(inside) - len(said) - 1  # itself


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
