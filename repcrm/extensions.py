"""The Flask extensions, made once and wired to an app in `create_app`."""

from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_compress import Compress
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from repcrm.db.base import Base
from repcrm.db.engine import make_engine


class RequestSession(scoped_session[Session]):
    """The session of this request; can do all that a Session can that the doors and services ask for."""

    def in_transaction(self) -> bool:
        """Whether it has begun: SQLAlchemy's proxy leaves this one out."""
        return self().in_transaction()


class Database(SQLAlchemy):
    """Flask-SQLAlchemy on our own metadata, with the engine every other door uses."""

    if TYPE_CHECKING:
        session: Session  # type: ignore[assignment]  # the proxy of a request's session is as good as one

    def _make_scoped_session(self, options: dict[str, Any]) -> Any:
        made: Any = super()._make_scoped_session(options)
        return RequestSession(made.session_factory, made.registry.scopefunc)

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return make_engine(options["url"], gives_up=True)


db = Database(metadata=Base.metadata)
login_manager = LoginManager()
csrf = CSRFProtect()
compress = Compress()
