"""The Flask extensions, made once and wired to an app in `create_app`."""

from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine

from repcrm.db.base import Base
from repcrm.db.engine import make_engine


class Database(SQLAlchemy):
    """Flask-SQLAlchemy on our own metadata, with the engine every other door uses."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return make_engine(options["url"])


db = Database(metadata=Base.metadata)
login_manager = LoginManager()
csrf = CSRFProtect()
compress = Compress()
