"""Finds the secrets in the arguments of a command: Airflow masks only those that it was told of."""

import re
from collections.abc import Iterable

# Words in the name of an option or of a client property, or of a parameter in a URL, whose value is a secret.
SECRET_NAME = re.compile(r"password|passwd|pwd|passphrase|secret|token|jaas|credential|keystore\.key|user\.info", re.I)
ASSIGNMENT = re.compile(r"(?P<name>[\w.-]+)=(?P<value>.+)", re.S)
PARAMETER = re.compile(r"(?P<name>[\w.-]+)=(?P<value>[^&;\s]+)")
LOGIN = re.compile(r"://(?P<login>[^/?#\s]*)@")
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")


def _is_secret(name: str) -> bool:
    # --password-file names a file, sasl.oauthbearer.token.endpoint.url a place.
    return bool(SECRET_NAME.search(name)) and not re.search(r"[-.](file|location|url|class|mechanism)$", name)


def secrets_in(arguments: Iterable[str]) -> list[str]:
    """Every text in the arguments that must not be logged, the longest first."""
    found: set[str] = set()
    before = ""
    for argument in arguments:
        assignment = ASSIGNMENT.fullmatch(argument.removeprefix("-X"))
        if before.startswith("--") and _is_secret(before) and not argument.startswith("-"):
            found.add(argument)
        elif assignment and _is_secret(assignment["name"]):
            found.add(assignment["value"])
            if assignment["name"].endswith("jaas.config"):
                found.update(one or other for one, other in QUOTED.findall(assignment["value"]))
        if "://" in argument or argument.startswith("jdbc:"):
            found.update(match["value"] for match in PARAMETER.finditer(argument) if _is_secret(match["name"]))
            found.update(match["login"].partition(":")[2] for match in LOGIN.finditer(argument))
        before = argument
    return sorted(found - {""}, key=len, reverse=True)


def masked(arguments: Iterable[str]) -> list[str]:
    """The arguments as they may be logged."""
    listed = list(arguments)
    secrets = secrets_in(listed)
    shown = []
    for argument in listed:
        for secret in secrets:
            argument = argument.replace(secret, "***")
        shown.append(argument)
    return shown
