"""Measures compute and never draw: importing them all brings no plotting along, and no warning."""

import subprocess
import sys
from pathlib import Path

from regulars.measures import engine


def test_no_measure_imports_matplotlib_or_warns():
    """In a process of its own, with every warning an error."""
    modules = sorted(path.stem for path in Path(engine.__file__).parent.glob("[!_]*.py"))
    imports = "; ".join(f"import regulars.measures.{module}" for module in modules)
    check = f"{imports}; import sys; print({{'matplotlib', 'regulars.show'}} & set(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", check], capture_output=True, text=True
    )
    assert (ran.stdout, ran.stderr) == ("set()\n", "")
    assert "churn" in modules
