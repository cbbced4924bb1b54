"""Types of columns that mean the same in SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import sqlalchemy as sa


class UtcTimestamp(sa.TypeDecorator[datetime]):
    """TIMESTAMPTZ; where the database knows no zones, the same instant written in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: object,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> datetime | None:
        """Go to the database: always in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: object,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> datetime | None:
        """Come from the database: a time without a zone is UTC, since we wrote it so."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UsDollars(sa.TypeDecorator[Decimal]):
    """NUMERIC; where the database would make it a float, whole picodollars, which it adds exactly."""

    impl = sa.Numeric
    cache_ok = True
    _DIGITS = 12

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Choose the column's type."""
        kind = sa.BigInteger() if dialect.name == "sqlite" else sa.Numeric()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        """Go to the database."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(value.scaleb(self._DIGITS).to_integral_value(ROUND_HALF_EVEN))

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        """Come from the database, without zeros at the end."""
        if value is None:
            return None
        dollars = Decimal(value)
        if dialect.name == "sqlite":
            dollars = dollars.scaleb(-self._DIGITS)
        return Decimal(f"{dollars.normalize():f}")
