"""YAML read so that text stays text, and so that a name cannot stand there twice."""

from pathlib import Path
from typing import Any

import yaml

from regulars.errors import ParameterError

__all__ = ["read_yaml"]


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds, every scalar as text.

    Raises
    ------
    ParameterError
        If it is not UTF-8, not YAML, or says a name twice.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506
    except UnicodeDecodeError:
        raise ParameterError(f"{path.name}: not UTF-8 text. Save it as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read as YAML"
        raise ParameterError(
            f"{path.name}: {problem}{line}. Expected 'name: value' lines."
        ) from None


class _TextLoader(yaml.BaseLoader):
    """Reads every scalar as text, and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None, None, "a parameter's name must be plain text", node.start_mark
                )
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} stands there twice", node.start_mark
                )
        return super().construct_mapping(node, deep=deep)
