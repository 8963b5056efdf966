"""Pseudonyms: a customer id becomes a name that says nothing, the same in every table and run.

The pseudonym is an HMAC-SHA-256 (RFC 2104) of the id, computed in the engine. Its key lies outside
the project: in ``REGULARS_KEY``, or in a file that is made on first use. The engine is given the
key as a session variable, so that no query, error or plan holds it. See decision 0009.
"""

import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

import ibis
import ibis.expr.types as ir

from regulars import paths
from regulars.errors import ParameterError

__all__ = [
    "FORM",
    "KEY_VARIABLE",
    "has_key",
    "hmac_sha256",
    "key_place",
    "make_key",
    "pseudonym",
    "pseudonym_of",
    "the_key",
]

KEY_VARIABLE = "REGULARS_KEY"
SHORTEST_KEY = 16
BLOCK = 64  # bytes of a SHA-256 block
PURPOSE = b"customer_id:"  # so that the key can serve another purpose without equal results
FIRST, DIGITS = "c-", 20
FORM = re.compile(f"{FIRST}[0-9a-f]{{{DIGITS}}}")
"""What a pseudonym looks like."""

NOT_HERE = "Expected the key in this engine, found none. Call pseudonym on a table of this engine."


@ibis.udf.scalar.builtin
def encode(text: str) -> bytes:
    """DuckDB's bytes of a text, in UTF-8."""


@ibis.udf.scalar.builtin
def error(message: str) -> bytes:
    """DuckDB's way to stop a query."""


@ibis.udf.scalar.builtin
def getvariable(variable: str) -> str:
    """DuckDB's value of a session variable; NULL where it is not set."""


@ibis.udf.scalar.builtin(name="concat")
def joined(first: bytes, then: bytes) -> bytes:
    """DuckDB's ``||`` of bytes; NULL with anything is NULL."""


@ibis.udf.scalar.builtin
def left(text: str, count: int) -> str:
    """DuckDB's first characters; Ibis's own writes the whole text out twice."""


@ibis.udf.scalar.builtin
def sha256(message: bytes) -> str:
    """DuckDB's SHA-256 in hexadecimal digits."""


@ibis.udf.scalar.builtin
def unhex(digits: str) -> bytes:
    """DuckDB's bytes of hexadecimal digits."""


def pseudonym(ids: ir.StringValue, key: bytes) -> ir.StringValue:
    """Return the pseudonyms of customer ids, as an expression of the engine the ids are in.

    Parameters
    ----------
    ids : text column
        Customer ids in normal form; see `regulars.data.people.customer_ids`.
    key : bytes
        See `the_key`.

    Returns
    -------
    text column
        ``c-`` and the first 20 hexadecimal digits of the HMAC; missing where the id is missing.
    """
    return FIRST + left(hmac_sha256(joined(ibis.literal(PURPOSE), encode(ids)), key), DIGITS)


def pseudonym_of(one_id: str, key: bytes) -> str:
    """Return the pseudonym of one id.

    Examples
    --------
    >>> pseudonym_of("00042", b"a key for examples only")
    'c-a27aae47df0357db1715'
    """
    digest = hmac.new(key, PURPOSE + one_id.encode(), hashlib.sha256).hexdigest()
    return FIRST + digest[:DIGITS]


def hmac_sha256(messages: ir.BinaryValue, key: bytes) -> ir.StringValue:
    """Return the HMAC-SHA-256 (RFC 2104) of messages in hexadecimal digits, made in the engine.

    The key's two blocks are put into session variables of the messages' own engine. On another
    engine the expression stops with an error; it never gives missing values without a word.
    """
    key = hashlib.sha256(key).digest() if len(key) > BLOCK else key
    key = key.ljust(BLOCK, b"\0")
    engine, name = messages.get_backend(), hmac.digest(key, b"name", "sha256").hex()[:12]
    inner = _held(engine, f"regulars_inner_{name}", bytes(byte ^ 0x36 for byte in key))
    outer = _held(engine, f"regulars_outer_{name}", bytes(byte ^ 0x5C for byte in key))
    return sha256(joined(outer, unhex(sha256(joined(inner, messages)))))


def the_key() -> bytes:
    """Return the key: of ``REGULARS_KEY``, else of the key file, which is made on first use.

    Raises
    ------
    ParameterError
        If the key is too short, its file can be read by others, lies inside the project, or
        cannot be made.
    """
    given = os.environ.get(KEY_VARIABLE)
    if given is not None:
        return _long_enough(given.strip().encode(), KEY_VARIABLE)
    make_key()
    path = _key_file()
    _check_mode(path)
    try:
        return _long_enough(path.read_bytes().strip(), f"The key file {key_place()}")
    except OSError as problem:
        raise _no_file("read", problem) from None


def make_key() -> bool:
    """Make the key file where there is no key yet; return whether one was made.

    Two processes that do this at once end with one key.
    """
    if has_key():
        return False
    path = _key_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _link_new_key(path)
    except OSError as problem:
        raise _no_file("make", problem) from None


def has_key() -> bool:
    """Return whether there is a key, in the environment or in its file."""
    return KEY_VARIABLE in os.environ or _key_file().exists()


def key_place() -> str:
    """Return where the key is, as it may be printed: the environment, or the file's path."""
    if KEY_VARIABLE in os.environ:
        return "the environment"
    path, home = _key_file(), Path(os.path.expanduser("~"))  # noqa: PTH111 - never raises
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def _held(engine: ibis.BaseBackend, name: str, block: bytes) -> ir.BinaryValue:
    engine.con.execute(f"SET VARIABLE {name} = unhex($1)", [block.hex()])
    # The cast keeps a variable that is not set from being NULL without a type, which || lets pass.
    return ibis.coalesce(getvariable(name).cast("binary"), error(NOT_HERE))


def _key_file() -> Path:
    given = os.environ.get("XDG_CONFIG_HOME", "")
    # A relative path there is to be ignored, says the XDG specification.
    folder = Path(given) if Path(given).is_absolute() else Path("~/.config").expanduser()
    path = folder / "regulars" / "key"
    if path.resolve().is_relative_to(paths.root().resolve()):
        raise ParameterError(
            "The key file would lie inside the project, where it could be handed on with the "
            f"data. Set XDG_CONFIG_HOME to a folder outside, or {KEY_VARIABLE}."
        )
    return path


def _link_new_key(path: Path) -> bool:
    beside = path.with_name(f".key.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, other than a rename, never takes the place of a key that came in between.
        os.link(beside, path)
    except FileExistsError:
        return False
    finally:
        beside.unlink(missing_ok=True)
    return True


def _check_mode(path: Path) -> None:
    # Windows has no such bits; there the folder of the user is private by its own means.
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ParameterError(
            f"The key file {key_place()} can be read by others, so pseudonyms made with it hide "
            f"nobody. Expected mode 0600. Do: chmod 600 {key_place()}"
        )


def _long_enough(key: bytes, where: str) -> bytes:
    if len(key) < SHORTEST_KEY:
        raise ParameterError(
            f"{where} holds {len(key)} characters; expected at least {SHORTEST_KEY}. "
            'Make one with: python -c "import secrets; print(secrets.token_hex(32))"'
        )
    return key


def _no_file(what: str, problem: OSError) -> ParameterError:
    return ParameterError(
        f"Expected to {what} the key file {key_place()}, but: {problem.strerror}. "
        f"Mend that, or set {KEY_VARIABLE}."
    )
