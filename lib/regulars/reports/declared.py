"""What a notebook declares: the parameters in its ``parameters`` cell, held against the schema."""

import ast
import io
import tokenize
from pathlib import Path

import nbformat
from pydantic import TypeAdapter, ValidationError

from regulars.errors import ParameterError
from regulars.parameters import Parameters
from regulars.text import nearest

__all__ = ["declared_parameters", "parameters_for"]


def declared_parameters(path: Path) -> dict[str, object]:
    """Return the parameters a notebook declares, with their defaults.

    Parameters
    ----------
    path : Path
        The notebook.

    Raises
    ------
    ParameterError
        If there is not exactly one cell tagged ``parameters``; if a line of it is no
        ``name: type = literal  # meaning``; or if a name or a default does not fit the schema.
    """
    cells = [
        cell
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", [])
    ]
    if len(cells) != 1:
        raise ParameterError(
            f"{path.name}: expected one cell tagged 'parameters', found {len(cells)}."
        )
    return _read_cell(cells[0].source, where=path.name)


def parameters_for(path: Path, parameters: Parameters) -> dict[str, object]:
    """Return, of a run's parameters, just those a notebook declares, as plain types."""
    values = parameters.model_dump(mode="json")
    return {name: values[name] for name in declared_parameters(path)}


def _read_cell(source: str, *, where: str) -> dict[str, object]:
    commented = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    return dict(_read_line(line, commented, where) for line in ast.parse(source).body)


def _read_line(line: ast.stmt, commented: set[int], where: str) -> tuple[str, object]:
    if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
        raise ParameterError(
            f"{where}: parameters cell, line {line.lineno}: "
            "expected 'name: type = value  # meaning'."
        )
    name = line.target.id
    if name not in Parameters.model_fields:
        raise ParameterError(
            f"{where}: its parameters cell declares {name!r}, which the schema does not know"
            f"{nearest(name, Parameters.model_fields) or '.'}"
        )
    if not {line.lineno, line.end_lineno} & commented:
        raise ParameterError(f"{where}: parameter {name} has no comment with its meaning and unit.")
    return name, _default(name, line.value, where)


def _default(name: str, value: ast.expr | None, where: str) -> object:
    field = Parameters.model_fields[name]
    try:
        default = ast.literal_eval(value)
        TypeAdapter(field.rebuild_annotation()).validate_python(default)
    except ValidationError as error:
        raise ParameterError(
            f"{where}: the default of {name} does not fit the schema: {error.errors()[0]['msg']}."
        ) from None
    except (TypeError, ValueError):
        raise ParameterError(f"{where}: the default of {name} must be a plain literal.") from None
    return default
