"""What all tests share: the order of the notebooks, and no silent skips in CI."""

import os

import pytest

LAST = "00_overview.ipynb"
NO_REASON = ("", "unconditional skip")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the overview after the notebooks whose facts it reads."""
    items.sort(key=lambda item: item.path.name == LAST)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """In CI, a test that skips without saying why has failed."""
    report = (yield).get_result()
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2]).removeprefix("Skipped").lstrip(": ")
        if reason in NO_REASON:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} skips without a reason."
