"""Output: one bundle of a picture, markup and plain text, handed to whoever is listening."""

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

__all__ = ["publish"]


def publish(bundle: dict[str, str], *, metadata: dict[str, dict] | None = None) -> None:
    """Display one bundle; outside a notebook, print its plain text.

    Parameters
    ----------
    bundle : dict
        Mime type to content; ``text/plain`` is always among them.
    metadata : dict, optional
        Mime type to what is known about that content, for example its alternative text.

    Examples
    --------
    >>> publish({"text/plain": "48 %", "text/html": "<p>48 %</p>"})
    48 %
    """
    if InteractiveShell.initialized():
        display(bundle, raw=True, metadata=metadata)
    else:
        # IPython would print the whole bundle here, pictures as thousands of letters.
        print(bundle["text/plain"])
