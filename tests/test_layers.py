"""Layers: data, then measures, then show; reports beside them; and nothing happens at import."""

import ast
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import regulars

LIBRARY = Path(regulars.__file__).parent
MODULES = {
    "regulars." + ".".join(path.relative_to(LIBRARY).with_suffix("").parts): path
    for path in sorted(LIBRARY.rglob("*.py"))
    if path.name != "__init__.py"
}
# What a layer must not import; the first word stands for all below it.
FORBIDDEN = {
    "regulars.data": [
        "regulars.measures", "regulars.show", "regulars.reports", "regulars.cli",
        "matplotlib", "seaborn", "lifetimes", "lifelines",
    ],
    "regulars.measures": [
        "regulars.show", "regulars.reports", "regulars.cli", "matplotlib", "seaborn",
    ],
    "regulars.show": ["regulars.reports", "regulars.cli", "lifetimes", "lifelines"],
    "regulars.reports": [
        "regulars.measures", "regulars.show", "regulars.cli", "matplotlib", "seaborn",
    ],
}  # fmt: skip
# Show reads the shapes that measures hand over; whatever computes stays out of its sight.
TYPES_OF_MEASURES = {"Estimate", "Fit", "Verdict"}
CLOCKS = {"now", "today", "utcnow", "localtime", "gmtime"}


def layer_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def imported(source: str) -> Iterator[tuple[str, str]]:
    """Yield module and name of each import, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "Imports are absolute here."
            yield from ((f"{node.module}.{alias.name}", alias.name) for alias in node.names)


def wrong_imports(module: str, source: str) -> list[str]:
    forbidden = FORBIDDEN.get(layer_of(module), [])
    found = [
        name
        for name, _ in imported(source)
        if any(name == one or name.startswith(one + ".") for one in forbidden)
    ]
    if layer_of(module) == "regulars.show":
        found += [
            name
            for name, last in imported(source)
            if name.startswith("regulars.measures") and last not in TYPES_OF_MEASURES
        ]
    return found


def clocks(source: str) -> list[str]:
    """Return the calls that ask what time it is; how long something took may be asked."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(call)
        for call in calls
        if (isinstance(call, ast.Attribute) and call.attr in CLOCKS)
        or ast.unparse(call) == "time.time"
        or (isinstance(call, ast.Name) and call.id in CLOCKS)
    ]


def text_of(module: str) -> str:
    return MODULES[module].read_text(encoding="utf-8")


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_one_way(module: str) -> None:
    assert wrong_imports(module, text_of(module)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("regulars.data.store", "from regulars.measures import engine"),
        ("regulars.data.store", "def f():\n    import regulars.show.charts"),
        ("regulars.measures.purchase_models.fitting", "import matplotlib.pyplot as plt"),
        ("regulars.measures.purchase_models.fitting", "from regulars import show"),
        (
            "regulars.show.charts",
            "from regulars.measures.purchase_models.fitting import fit_models",
        ),
        ("regulars.show.charts", "from regulars.measures import churn"),
        ("regulars.show.charts", "import lifetimes"),
        ("regulars.reports.batch", "from regulars.show.charts import lorenz"),
        ("regulars.reports.batch", "from regulars import measures"),
    ],
)
def test_a_wrong_import_would_be_seen(module: str, source: str) -> None:
    assert len(wrong_imports(module, source)) == 1


def test_types_may_be_imported_by_show() -> None:
    source = "from regulars.measures.intervals import Estimate\nfrom regulars.data import facts"
    assert wrong_imports("regulars.show.sentences.base", source) == []


@pytest.mark.parametrize("module", MODULES)
def test_no_module_asks_for_the_time(module: str) -> None:
    assert clocks(text_of(module)) == []


@pytest.mark.parametrize(
    "source",
    ["datetime.date.today()", "pd.Timestamp.now('UTC')", "time.time()", "ibis.now()", "today()"],
)
def test_a_clock_would_be_seen(source: str) -> None:
    assert len(clocks(source)) == 1


@pytest.mark.parametrize("module", MODULES)
def test_each_module_says_what_it_is_and_what_it_offers(module: str) -> None:
    body = ast.parse(text_of(module))
    assert ast.get_docstring(body), "A module begins with what it is."
    offered = importlib.import_module(module).__all__
    assert offered == sorted(offered, key=lambda name: (not name.isupper(), name))
    assert len(set(offered)) == len(offered)
    assert all(hasattr(importlib.import_module(module), name) for name in offered)


@pytest.mark.parametrize("module", MODULES)
def test_what_is_public_is_documented(module: str) -> None:
    loaded = importlib.import_module(module)
    for name in loaded.__all__:
        thing = getattr(loaded, name)
        if not (inspect.isclass(thing) or inspect.isfunction(thing)):
            continue
        assert inspect.getdoc(thing), f"{module}.{name}"
        methods = inspect.getmembers(thing, inspect.isfunction) if inspect.isclass(thing) else []
        for method, function in methods:
            ours = function.__module__ == module and not method.startswith("_")
            assert not ours or inspect.getdoc(function), f"{module}.{name}.{method}"


@pytest.mark.parametrize("module", MODULES)
def test_public_functions_say_their_types(module: str) -> None:
    loaded = importlib.import_module(module)
    functions = [getattr(loaded, name) for name in loaded.__all__]
    for function in filter(inspect.isfunction, functions):
        signature = inspect.signature(function)
        untyped = [
            name
            for name, one in signature.parameters.items()
            if one.annotation is inspect.Parameter.empty
        ]
        assert untyped == [], f"{module}.{function.__name__}"
        assert signature.return_annotation is not inspect.Signature.empty, function.__name__


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.py")), ids=lambda path: path.stem)
def test_a_file_stays_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 260


def test_nothing_happens_at_import() -> None:
    """Importing the package, its data and its measures draws nothing, changes no option, warns not.

    In a process of its own, since here everything is imported already.
    """
    names = ["regulars", *(name for name in MODULES if name.split(".")[1] in ("data", "measures"))]
    check = f"""
import logging, re, sys
import pandas

def state():
    options = re.split(r"\\n(?=[a-z_.]+ : )", pandas.describe_option(_print_desc=False))
    # lifetimes sets this one when it is imported; pandas 3 no longer heeds it.
    options = [one for one in options if not one.startswith("mode.chained_assignment ")]
    return options, list(logging.root.handlers)

before = state()
for name in {names}:
    __import__(name)
drawing = {{"matplotlib", "seaborn", "regulars.show", "regulars.reports"}}
print(sorted(drawing & set(sys.modules)), state() == before)
"""
    command = [sys.executable, "-W", "error", "-c", check]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("[] True\n", "")


def test_importing_the_package_alone_is_light() -> None:
    check = "import regulars, sys; print(sorted({'pandas', 'ibis', 'IPython'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")
