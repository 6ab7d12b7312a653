"""The settings of a process: read from the environment once, checked, then passed on as one frozen value."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from chassis import fault_points

PREFIX = "OCOP_"
SERVICES = ("registration", "evaluation", "certification", "promotion", "reporting")


class SettingsRefused(Exception):
    """A setting is unknown or malformed; the text names it and says what is expected."""

    slug = "settings-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a process is told from outside. Sizes in bytes, times in seconds.

    `broker_url` empty means embedded: all services in one process, events handed over without a broker.
    `database_url` holds `{service}` where the service's name goes; empty means one SQLite file per service in `data`.
    """

    province: str
    data: Path
    database_url: str
    broker_url: str
    host: str
    port: int
    watch_port: int
    token_secret: str
    jwks_file: str
    pseudonym_key: str
    max_body: int
    max_evidence: int
    evidence_types: tuple[str, ...]
    templates: str
    law: str
    log_level: str
    log_format: str
    traces_url: str
    relay_batch: int
    relay_poll: float
    relay_wait: float
    confirm_timeout: float
    group_size: int
    group_wait: float
    retry_limit: int
    retry_first: float
    collect_dead: bool
    fault: str

    @property
    def embedded(self) -> bool:
        """Whether everything runs in one process without a broker."""
        return not self.broker_url

    def database_of(self, service: str) -> str:
        """The database address of one service."""
        if self.database_url:
            return self.database_url.replace("{service}", service)
        return f"sqlite:///{self.data / service}.sqlite"

    @property
    def law_folder(self) -> Path:
        """Where the criteria sets lie that an operator has added to the law's packs."""
        return Path(self.law) if self.law else self.data / "law"

    @property
    def evidence_folder(self) -> Path:
        """Where evidence files lie, named by their content hash."""
        return self.data / "evidence"

    def shown(self) -> dict[str, Any]:
        """The settings as they may be printed: secrets masked."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {
            "data": str(self.data),
            "token_secret": "***" if self.token_secret else "",
            "pseudonym_key": "***" if self.pseudonym_key else "",
            "database_url": _masked(self.database_url),
            "broker_url": _masked(self.broker_url),
        }


def _masked(url: str) -> str:
    head, at, tail = url.rpartition("@")
    scheme, colon, _ = head.partition("://")
    return f"{scheme}{colon}***{at}{tail}" if at else url


def _above_zero() -> validate.Range:
    return validate.Range(min=0, min_inclusive=False, error="must be above 0")


def _size(default: int) -> fields.Integer:
    return fields.Integer(load_default=default, validate=_above_zero())


def _seconds(default: float) -> fields.Float:
    return fields.Float(load_default=default, validate=_above_zero())


def _secret() -> fields.String:
    long_enough = validate.Regexp(r"$|.{32,}$", error="must have at least 32 characters")
    return fields.String(load_default="", validate=long_enough)


def _folder(path: str) -> None:
    if path and not Path(path).expanduser().is_dir():
        raise ValidationError(
            "must be a folder that is there, or empty for none of the office's own"
        )


def _fault(fault: str) -> None:
    if not fault:
        return
    try:
        fault_points.parsed(fault)
    except fault_points.NoSuchPoint as error:
        raise ValidationError(str(error)) from error


class _Environment(Schema):
    """The settings as they stand in the environment, without their prefix and in lower case."""

    class Meta:
        unknown = RAISE

    province = fields.String(
        load_default="38",
        validate=validate.Regexp(r"\d\d$", error="must be a province code of two digits"),
    )
    data = fields.String(load_default=".data")
    database_url = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"$|.*\{service\}", error="must hold {{service}}, or be empty for SQLite files"
        ),
    )
    broker_url = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"$|amqps?://.+", error="must be an amqp:// address, or empty to run embedded"
        ),
    )
    host = fields.String(load_default="127.0.0.1")
    port = fields.Integer(
        load_default=8000,
        validate=validate.Range(1, 65535, error="must be a port between 1 and 65535"),
    )
    watch_port = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 65535, error="must be a port, or 0 for none"),
    )
    token_secret = _secret()
    jwks_file = fields.String(load_default="")
    pseudonym_key = _secret()
    max_body = _size(1_048_576)
    max_evidence = _size(20_971_520)
    evidence_types = fields.String(load_default="pdf,jpg,png,webp,mp4,docx,xlsx")
    templates = fields.String(load_default="", validate=_folder)
    law = fields.String(load_default="", validate=_folder)
    log_level = fields.String(
        load_default="info", validate=validate.OneOf(("debug", "info", "warning", "error"))
    )
    log_format = fields.String(load_default="json", validate=validate.OneOf(("json", "text")))
    traces_url = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"$|https?://.+", error="must be an http:// address, or empty for no spans"
        ),
    )
    relay_batch = _size(200)
    relay_poll = _seconds(1)
    relay_wait = _seconds(0.005)
    confirm_timeout = _seconds(10)
    group_size = _size(200)
    group_wait = _seconds(0.002)
    retry_limit = _size(6)
    retry_first = _seconds(1)
    collect_dead = fields.Boolean(
        load_default=True, error_messages={"invalid": "must be true or false"}
    )
    fault = fields.String(load_default="", validate=_fault)


KNOWN = tuple(PREFIX + name.upper() for name in Settings.__slots__)
"""Every setting there is, as it stands in the environment."""


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment (or from `environment`).

    Raises SettingsRefused, naming the setting, when one is unknown or malformed.
    """
    source = os.environ if environment is None else environment
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in source.items()
        if name.startswith(PREFIX) and value != ""
    }
    try:
        loaded = _Environment().load(given)
    except ValidationError as error:
        raise SettingsRefused(_sentence(error)) from None
    settings = Settings(
        **loaded
        | {
            "data": Path(loaded["data"]).expanduser().resolve(),
            "evidence_types": tuple(loaded["evidence_types"].replace(" ", "").split(",")),
            "templates": loaded["templates"] and str(Path(loaded["templates"]).expanduser()),
            "law": loaded["law"] and str(Path(loaded["law"]).expanduser().resolve()),
        }
    )
    if settings.broker_url and not settings.database_url:
        raise SettingsRefused("OCOP_DATABASE_URL is needed where OCOP_BROKER_URL is set")
    return settings


def environment(told: Mapping[str, str]) -> dict[str, str]:
    """This process's environment for a child, with what the child is told besides."""
    return os.environ | told


def _sentence(error: ValidationError) -> str:
    name, problems = next(iter(sorted(dict(error.messages_dict).items())))
    setting = PREFIX + name.upper()
    if setting not in KNOWN:
        return f"{setting} is not a setting; .env.example lists all there are"
    return f"{setting}: {problems[0]}"


def token_secret(settings: Settings) -> str:
    """The secret that development tokens are signed with: as set, or made once and kept in the data folder."""
    return settings.token_secret or _kept(settings.data / "token-secret")


def pseudonym_key(settings: Settings) -> str:
    """The key that people's numbers are hashed with: as set; embedded also made once and kept in the data folder.

    Empty where several processes would each make their own: nobody would be found the same person then.
    """
    if settings.pseudonym_key or not settings.embedded:
        return settings.pseudonym_key
    return _kept(settings.data / "pseudonym-key")


def _kept(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent
        ) as made:  # readable by its owner only
            made.write(secrets.token_urlsafe(32))
            made.flush()
            with suppress(FileExistsError):  # whoever comes first has made it for all
                path.hardlink_to(made.name)
    return path.read_text().strip()
